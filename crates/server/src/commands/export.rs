//! `orglink export`

use std::io::Write as _;

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
        out.write_all(&chunk)?;
    }
    out.flush()?;
    task.await.map_err(|e| Failed::from(Error::broken(&e.to_string())))??;
    Ok(exit::DONE)
}

async fn fetch(reach: &Reach) -> Outcome {
    Client::open(reach).await?.download("/export", &mut std::io::stdout()).await?;
    Ok(exit::DONE)
}
