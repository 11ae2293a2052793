//! Tells what happens as it happens, and goes on where it stopped: it keeps the position of the last event that it is done with.
//!
//! ```text
//! cargo run -- demo                   # in another terminal; this is the operator's token, who sees everybody's events:
//! export ORGLINK_TOKEN=$(cargo run -q -- token create --as olga@operator.example --scope read,operator --database sqlite:orglink-demo/orglink.db)
//! cargo run -p orglink-client --example follow_events -- events.position
//! ```

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use futures_util::StreamExt as _;
use orglink_client::v1::events::Event;
use orglink_client::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let server = env::var("ORGLINK_SERVER").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    let (Ok(token), Some(file)) = (env::var("ORGLINK_TOKEN"), env::args().nth(1)) else {
        eprintln!("ORGLINK_TOKEN=… follow_events FILE");
        return ExitCode::from(2);
    };
    let tell = |event: &Event| {
        println!("{:>6}  {}  {}", event.position, event.at, event.kind);
        true
    };
    let followed = async { follow(&Client::new(&server, &token)?, Path::new(&file), tell).await };
    if let Err(e) = followed.await {
        eprintln!("{e}");
    }
    ExitCode::FAILURE
}

/// Hands over one event after the other, until it is told that this is enough.
pub async fn follow(client: &Client, file: &Path, mut tell: impl FnMut(&Event) -> bool) -> Result<(), Error> {
    let position = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let mut events = client.follow_events(position);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                let goes_on = tell(&event);
                // Only now: whoever is killed in between is told of it once more, and of nothing never.
                keep(file, event.position).map_err(|e| Error::Invalid(format!("{}: {e}", file.display())))?;
                if !goes_on {
                    break;
                }
            }
            // The server is being restarted, or wants to be left alone for a while: the next look is in a second.
            Err(e) if e.is_temporary() => eprintln!("{e}"),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// In one step, so that the file never holds half a number.
fn keep(file: &Path, position: i64) -> io::Result<()> {
    let next = file.with_extension("next");
    fs::write(&next, position.to_string())?;
    fs::rename(next, file)
}
