//! The command line against a server that really listens: the same answers and exit codes as on the database itself.

use std::process::{Command, Stdio};

use orglink_client::Retries;

use super::*;
use crate::cli::{PROGRAM, run};
use crate::watching::Running;

/// A command over HTTP: exit code, standard output, standard error.
fn ask(server: &str, token: &str, arguments: &[&str]) -> (i32, String, String) {
    let out = Command::new(PROGRAM)
        .args(arguments)
        .args(["--server", server])
        .env_clear()
        .env("ORGLINK_TOKEN", token)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

/// A token of somebody; the server's clock is not that of the tests.
fn token(world: &TestApp, email: &str, scopes: &str) -> String {
    let (code, made, stderr) = run(world, &["token", "create", "--as", email, "--scope", scopes, "--json"]);
    assert_eq!(code, 0, "{stderr}");
    made["token"]["secret"].as_str().unwrap().to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

both! {
    async fn commands_over_http_answer_as_on_the_database(world) {
        let world = world.with_company().await;
        make_operator(&world).await;
        let server = Running::start(&world, "");
        let at = format!("http://127.0.0.1:{}/", server.port);
        let (ada, olga) = (token(&world, ADA, "read,write,link"), token(&world, OLGA, "read,operator"));
        for arguments in [
            &["eligibility", "--workspace", "ada-brandt", "--organization", "meridian"][..],
            &["eligibility"],
            &["eligibility", "--workspace", "nothing"],
            &["eligibility", "--workspace", ".."],
            &["entitlement", "explain", "--workspace", "docs-site", "--feature", "packages"],
            &["workspace", "list"],
            &["workspace", "show", "atlas-mobile"],
            &["workspace", "link", "docs-site"],
            &["organization", "apps", "meridian"],
            &["organization", "show", "solo"],
            &["recommend", "--workspace", "atlas-mobile"],
            &["group", "change", "--workspace", "docs-site", "developers", "--name", "D", "--if-version", "999"],
            &["link", "--workspace", "ada-brandt", "--organization", "meridian", "--yes"],
            &["link", "--workspace", "docs-site", "--organization", "nothing", "--yes"],
            &["invitation", "create", "--workspace", "docs-site", "--group", "developers", "--email", "no address"],
        ] {
            let (code, here, _) = run(&world, &[arguments, &["--as", ADA, "--json"]].concat());
            let (remote, there, stderr) = ask(&at, &ada, &[arguments, &["--json"]].concat());
            let public = |text: &str| text.replace(&format!("http://localhost:{}", server.port), "http://localhost");
            assert_eq!((remote, json(&public(&there))), (code, here), "{arguments:?}: {stderr}");
        }

        let link = ["link", "--workspace", "docs-site", "--organization", "meridian", "--yes", "--json", "--idempotency-key", "k"];
        let (code, first, stderr) = ask(&at, &ada, &link);
        assert_eq!((code, &json(&first)["link"]["already_existed"]), (0, &false.into()), "{stderr}");
        let (code, second, _) = ask(&at, &ada, &link);
        assert_eq!((code, &json(&second)["link"]["id"]), (0, &json(&first)["link"]["id"]));
        let (code, refused, _) = ask(&at, &ada, &link[..7]);
        assert_eq!((code, &json(&refused)["code"]), (3, &"already_linked".into()));
        let change = ["group", "change", "--workspace", "docs-site", "developers", "--name", "Writers", "--json"];
        let (code, changed, stderr) = ask(&at, &ada, &change);
        assert_eq!((code, &json(&changed)["name"]), (0, &"Writers".into()), "{stderr}");

        // Files, as they come; and back in. What the server does by itself after a link is done first, by one of us.
        orglink_app::upkeep::check_access(&world.app).await.unwrap();
        world.events().await;
        let (code, all, stderr) = ask(&at, &olga, &["export"]);
        assert_eq!((code, all.lines().count()), (0, world.export().await.len()), "{stderr}");
        let (code, log, _) = ask(&at, &olga, &["events", "export", "--format", "csv", "--type", "workspace.linked"]);
        assert!(code == 0 && log.lines().count() == 2, "{log}");
        let (code, events, _) = ask(&at, &olga, &["events", "--json"]);
        assert_eq!((code, events.lines().count()), (0, world.events().await.len()));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.ndjson").display().to_string();
        std::fs::write(&file, &all).unwrap();
        let (code, report, stderr) = ask(&at, &olga, &["import", &file, "--dry-run", "--json"]);
        assert_eq!((code, &json(&report)["created"]["workspace"]), (0, &0.into()), "{stderr}");

        // Nobody, somebody else, and nothing to send to.
        let (code, no, stderr) = ask(&at, "olk_wrong-secret", &["me", "show", "--json"]);
        assert_eq!((code, &json(&no)["code"]), (3, &"signed_out".into()));
        assert!(!no.contains("wrong-secret") && !stderr.contains("wrong-secret"), "{no} {stderr}");
        assert_eq!(ask(&at, &ada, &["export"]).0, 3);
        assert_eq!(ask(&at, &ada, &["export", "--as", ADA]).0, 2);
        assert_eq!(ask("orglink.example", &ada, &["me", "show"]).0, 2);
        let (code, _, stderr) = ask(&at, "", &["me", "show"]);
        assert!(code == 3 || code == 2, "{stderr}");
        world.check_invariants().await;
    }

    async fn whoever_asks_too_often_waits_as_long_as_the_server_says(world) {
        let world = world.with_company().await;
        let server = Running::start(&world, "[limits]\nper_token = 60\n");
        let client = Client::new(&format!("http://localhost:{}", server.port), &token(&world, ADA, "read")).unwrap();
        let hasty = client.clone().with_retries(Retries::NONE);
        let began = std::time::Instant::now();
        let refused = loop {
            if let Err(e) = hasty.view_me().await {
                break e;
            }
            assert!(began.elapsed() < Duration::from_secs(50), "nobody is limited");
        };
        let problem = refused.problem().unwrap();
        assert_eq!((problem.code.as_str(), problem.retry_after), ("rate_limited", Some(Duration::from_secs(1))));
        client.view_me().await.expect("an answer, after a second");
    }
}
