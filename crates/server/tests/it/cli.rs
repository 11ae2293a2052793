//! The program itself, as a script uses it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use orglink_server::COMPANY;
use orglink_testkit::{TestApp, address_text, both};
use serde_json::Value;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_orglink");

pub fn run(world: &TestApp, arguments: &[&str]) -> (i32, Value, String) {
    let database = address_text(&world.database.address());
    let out = Command::new(PROGRAM)
        .args(arguments)
        .args(["--database", &database])
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    parts(&out)
}

fn parts(out: &Output) -> (i32, Value, String) {
    let json = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
    (out.status.code().unwrap_or(-1), json, String::from_utf8_lossy(&out.stderr).into_owned())
}

pub fn company(world: &TestApp) -> String {
    let _ = world;
    let file = std::env::temp_dir().join(format!("orglink-company-{}.ndjson", std::process::id()));
    std::fs::write(&file, COMPANY).unwrap();
    file.display().to_string()
}

/// `orglink … | head`: whoever has seen enough is no error, whichever command it is.
#[test]
fn a_reader_who_goes_away_is_no_error() {
    for arguments in [&["catalog", "check"][..], &["completions", "bash"]] {
        let mut child =
            Command::new(PROGRAM).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert_eq!(
            (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned()),
            (Some(0), String::new()),
            "{arguments:?}"
        );
    }
}

both! {
    async fn the_contract_that_scripts_rely_on(world) {
        let file = company(&world);
        let (code, report, _) = run(&world, &["import", &file, "--json"]);
        assert_eq!((code, &report["created"]["account"], &report["changed"]["site"], &report["unchanged"]["role"]), (0, &21.into(), &0.into(), &0.into()));
        let (code, answer, _) = run(&world, &["eligibility", "--workspace", "ada-brandt", "--json"]);
        assert_eq!((code, &answer["eligible"], &answer["reasons"][0]["code"], &answer["reasons"][0]["who"]), (0, &false.into(), &"personal_workspace".into(), &"a workspace admin".into()));
        let link = ["link", "--workspace", "docs-site", "--organization", "meridian", "--as", "ada@meridian.example", "--yes", "--json", "--idempotency-key", "k"];
        let (code, first, _) = run(&world, &link);
        assert_eq!((code, &first["link"]["already_existed"], &first["link"]["linked_by"]), (0, &false.into(), &"ada@meridian.example".into()));
        let (code, second, _) = run(&world, &link);
        assert_eq!((code, &second["link"]["already_existed"], &second["link"]["id"]), (0, &true.into(), &first["link"]["id"]));
        let (code, refusal, stderr) = run(&world, &link[..9]);
        assert_eq!((code, &refusal["code"], &refusal["reasons"][0]["code"]), (3, &"already_linked".into(), &"already_linked".into()));
        assert!(stderr.contains("already linked"));
        let (code, absent, _) = run(&world, &["eligibility", "--workspace", "nope", "--json"]);
        assert_eq!((code, &absent["code"]), (4, &"not_found".into()));
        let (code, _, stderr) = run(&world, &["link", "--workspace", "atlas-mobile", "--organization", "meridian", "--as", "ada@meridian.example"]);
        assert_eq!(code, 2, "never hangs: {stderr}");
        let (code, token, _) = run(&world, &["token", "create", "--as", "ada@meridian.example", "--scope", "read,link", "--json"]);
        assert_eq!((code, token["token"]["secret"].as_str().unwrap().starts_with("olk_")), (0, true));
        let (code, _, stderr) = run(&world, &["token", "create", "--as", "ada@meridian.example", "--scope", "operator", "--json"]);
        assert_eq!(code, 3, "{stderr}");
        let (code, list, _) = run(&world, &["organization", "list", "--as", "ada@meridian.example", "--json"]);
        assert_eq!((code, list["items"].as_array().unwrap().len(), &list["next"]), (0, 3, &Value::Null));
        world.check_invariants().await;
    }

    async fn a_plan_travels_in_a_file(world) {
        run(&world, &["import", &company(&world)]);
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan.json").display().to_string();
        let ada = ["--as", "ada@meridian.example"];
        let (code, ..) = run(&world, &[&["link", "--workspace", "docs-site", "--organization", "meridian", "--plan-out", &plan], &ada[..]].concat());
        assert_eq!(code, 0);
        let (code, refusal, _) = run(&world, &[&["link", "--apply", &plan, "--acknowledge", "link_is_permanent", "--json"], &ada[..]].concat());
        assert_eq!((code, &refusal["code"]), (3, &"warnings_not_acknowledged".into()));
        let (code, answer, _) = run(&world, &[&["link", "--apply", &plan, "--yes", "--json"], &ada[..]].concat());
        assert_eq!((code, &answer["link"]["workspace"]), (0, &"docs-site".into()));
        let (code, link, _) = run(&world, &["workspace", "link", "docs-site", "--json"]);
        assert_eq!((code, &link["linked_through"], &link["acknowledged"]), (0, &"operator".into(), &serde_json::json!(["link_is_permanent", "people_stay_in_workspace"])));
    }

    async fn bad_input_names_the_place_and_keeps_nothing(world) {
        let database = address_text(&world.database.address());
        let mut child = Command::new(PROGRAM)
            .args(["import", "-", "--json", "--database", &database])
            .stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            // An endless line: the reader hangs up, which ends this.
            let _ = pipe.write_all(b"{\"type\":\"account\",\"email\":\"a@x.example\",\"name\":\"A\"}\n{\"type\":\"");
            let endless = vec![b'x'; 1 << 16];
            while pipe.write_all(&endless).is_ok() {}
        });
        let out = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let (code, json, _) = parts(&out);
        assert_eq!((code, &json["code"], &json["errors"][0]["file"], &json["errors"][0]["line"]), (5, &"bad_input".into(), &"-".into(), &2.into()));
        assert_eq!(world.export().await, Vec::<String>::new());
    }

    async fn good_lines_are_kept_when_asked(world) {
        let folder = tempfile::tempdir().unwrap();
        let (file, bad) = (folder.path().join("in.ndjson"), folder.path().join("bad.ndjson"));
        let text = "{\"type\":\"account\",\"email\":\"a@x.example\",\"name\":\"A\"}\nrubbish\n{\"type\":\"user_group\",\"workspace\":\"none\",\"slug\":\"g\",\"name\":\"G\",\"members\":[]}\n{\"type\":\"workspace\",\"slug\":\"w\",\"name\":\"W\"}\n";
        std::fs::write(&file, text).unwrap();
        let (code, report, _) = run(&world, &["import", &file.display().to_string(), "--json", "--keep-going", &bad.display().to_string()]);
        assert_eq!((code, &report["rejected"], &report["created"]["workspace"]), (6, &2.into(), &1.into()));
        assert_eq!(std::fs::read_to_string(bad).unwrap().lines().count(), 2);
        assert_eq!(world.export().await.len(), 2);
    }
}

#[test]
fn the_database_must_be_named_and_reached() {
    let out = Command::new(PROGRAM).args(["eligibility", "--workspace", "w"]).env_clear().output().unwrap();
    let (code, _, stderr) = parts(&out);
    assert_eq!(code, 2);
    assert!(stderr.contains("--database") && stderr.contains("ORGLINK_DATABASE") && stderr.contains("configuration"));
    let away = ["eligibility", "--workspace", "w", "--database", "postgres://orglink@127.0.0.1:1/none"];
    assert_eq!(parts(&Command::new(PROGRAM).args(away).output().unwrap()).0, 7);
    let away = ["eligibility", "--workspace", "w", "--server", "http://127.0.0.1:1", "--token", "x"];
    assert_eq!(parts(&Command::new(PROGRAM).args(away).output().unwrap()).0, 7);
    assert_eq!(
        parts(&Command::new(PROGRAM).args([&away[..], &["--as", "a@b.example"]].concat()).output().unwrap()).0,
        2
    );
}
