//! `orglink export`

use std::io::Write as _;

use axum::http::header;
use orglink_app::{Error, Principal, export};

use crate::client::{Client, Reach};
use crate::exit;
use crate::open::Schema;
use crate::output::{Failed, Outcome};

pub async fn run(reach: &Reach) -> Outcome {
    if reach.server.is_some() {
        return fetch(reach).await;
    }
    let app = reach.open(Schema::Require).await?;
    let principal = match &reach.on_behalf_of {
        None => Principal::local_operator(),
        Some(email) => {
            let mut tx = app.db.begin_read().await?;
            Principal::on_behalf_of(&mut tx, email).await?
        }
    };
    let (to, mut from) = tokio::sync::mpsc::channel::<Vec<u8>>(8);
    let task = tokio::spawn(async move { export::export_records(&app, &principal, to).await });
    let mut out = std::io::stdout();
    while let Some(chunk) = from.recv().await {
        if let Err(e) = out.write_all(&chunk) {
            // Whoever read has seen enough (`| head`).
            return if e.kind() == std::io::ErrorKind::BrokenPipe { Ok(exit::DONE) } else { Err(e.into()) };
        }
    }
    out.flush()?;
    task.await.map_err(|e| Failed::from(Error::broken(&e.to_string())))??;
    Ok(exit::DONE)
}

async fn fetch(reach: &Reach) -> Outcome {
    let Client::Remote { http, server, token } = Client::open(reach).await? else {
        return Err(Failed::Usage("--server is needed".to_owned()));
    };
    let unreachable = |e: reqwest::Error| Failed::Unreachable(format!("{server}: {e}"));
    let request = http.get(format!("{server}/api/v1/export")).bearer_auth(token);
    let mut response = request.header(header::ACCEPT, "application/x-ndjson").send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        let problem = response.json().await.map_err(unreachable)?;
        return Err(Failed::Problem(Box::new(problem)));
    }
    let mut out = std::io::stdout();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        out.write_all(&chunk)?;
    }
    out.flush()?;
    Ok(exit::DONE)
}
