//! Imports: what comes in comes out, twice is once, and what is wrong is refused whole.

use orglink_app::Error;
use orglink_app::record::RecordType;
use orglink_domain::event::EventType;
use orglink_server::COMPANY;
use orglink_testkit::both;

/// Records by type and key, lists as sets.
fn normal(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut all: Vec<String> = lines
        .into_iter()
        .map(|line| {
            let mut value: serde_json::Value = serde_json::from_str(line.as_ref()).unwrap();
            for (_, field) in value.as_object_mut().unwrap() {
                if let Some(list) = field.as_array_mut() {
                    list.sort_by_key(ToString::to_string);
                }
            }
            // Defaults that the company's records leave out.
            let fields = value.as_object_mut().unwrap();
            if fields["type"] == "user_group" {
                fields.entry("repository_permission").or_insert("none".into());
            }
            String::from_utf8(orglink_domain::digest::canonical_json(&value).unwrap()).unwrap()
        })
        .collect();
    all.sort();
    all
}

fn first_error(result: Result<orglink_app::import::ImportReport, Error>) -> (String, i64, i64, String) {
    let Err(Error::BadInput(errors)) = result else { panic!("not refused as bad input: {result:?}") };
    let e = &errors[0];
    (e.file.clone().unwrap_or_default(), e.line.unwrap_or(0), e.column.unwrap_or(0), e.detail.clone())
}

const BASE: &str = r#"{"type":"account","email":"a@x.example","name":"A"}
{"type":"account","email":"b@x.example","name":"B"}
{"type":"organization","slug":"o","name":"O","admins":["a@x.example"]}
{"type":"workspace","slug":"w","name":"W","plan":"standard"}
{"type":"user_group","workspace":"w","slug":"admins","name":"Admins","is_admin":true,"members":["a@x.example"]}
"#;

both! {
    async fn an_import_comes_back_and_twice_is_once(world) {
        let report = world.import(COMPANY).await.unwrap();
        let lines = COMPANY.lines().count() as u64;
        assert_eq!(report.created.values().sum::<u64>(), lines);
        assert_eq!(normal(world.export().await), normal(COMPANY.lines()));
        let again = world.import(COMPANY).await.unwrap();
        assert_eq!((again.created.values().sum::<u64>(), again.changed.values().sum::<u64>()), (0, 0));
        assert_eq!(again.unchanged.values().sum::<u64>(), lines);
        let exported = world.export().await.join("\n");
        assert_eq!(world.import(&exported).await.unwrap().unchanged.values().sum::<u64>(), lines);
        world.check_invariants().await;
        let events = world.events().await;
        let of = |kind| events.iter().filter(|e| e.kind == kind).count();
        assert_eq!((of(EventType::ImportCompleted), of(EventType::WorkspaceCreated), of(EventType::WorkspaceChanged)), (3, 15, 0));
    }

    async fn absent_fields_keep_and_lists_replace(world) {
        world.import(BASE).await.unwrap();
        let report = world.import(r#"{"type":"workspace","slug":"W","name":"New name","labels":["l2","l1"]}"#).await.unwrap();
        assert_eq!(report.changed[&RecordType::Workspace], 1);
        world.import(r#"{"type":"workspace","slug":"w","name":"New name"}"#).await.unwrap();
        world.import(r#"{"type":"user_group","workspace":"w","slug":"admins","name":"Admins","members":["b@x.example"]}"#).await.unwrap();
        let exported = world.export().await.join("\n");
        assert!(exported.contains(r#""name":"New name","kind":"team","plan":"standard""#), "{exported}");
        assert!(exported.contains(r#""labels":["l1","l2"]"#));
        assert!(exported.contains(r#""is_admin":true,"repository_permission":"none","members":["b@x.example"]"#), "{exported}");
        world.check_invariants().await;
        let mut changes = world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceChanged);
        let last = changes.next_back().unwrap().payload.unwrap();
        let words: Vec<&str> = last["changes"].as_array().unwrap().iter().map(|c| c["change"].as_str().unwrap()).collect();
        assert_eq!(words, ["member_removed", "member_added"]);
    }

    async fn what_is_wrong_is_refused_whole_and_says_where(world) {
        world.import(BASE).await.unwrap();
        let before = (world.export().await, world.events().await.len());
        let good = r#"{"type":"account","email":"c@x.example","name":"C"}"#;
        for (bad, line, column, words) in [
            ("{\"type\":\"account\",", 2, 18, "EOF while parsing"),
            (r#"{"type":"account","email":"d@x.example","name":"D","nick":"d"}"#, 2, 57, "unknown field `nick`"),
            (r#"{"type":"user_group","workspace":"w","slug":"g","name":"G","members":["nobody@x.example"]}"#, 2, 71, "no account 'nobody@x.example'"),
            (r#"{"type":"account","email":"C@X.example","name":"C"}"#, 2, 0, "a second time; first in test.ndjson line 1"),
            (r#"{"type":"user_group","workspace":"nowhere","slug":"g","name":"G","members":[]}"#, 2, 34, "no workspace 'nowhere'"),
            (r#"{"type":"repository","workspace":"w","slug":"r","name":"R","grants":{"groups":{"gone":"read"}}}"#, 2, 80, "no user_group 'w/gone'"),
            (r#"{"type":"site","organization":"gone","slug":"s","products":[]}"#, 2, 31, "no organization 'gone'"),
            (r#"{"type":"organization","slug":"o","name":"O","admins":[]}"#, 2, 0, "last admin of the organization"),
            (r#"{"type":"user_group","workspace":"w","slug":"admins","name":"Admins","members":[]}"#, 2, 0, "last admin of the workspace"),
            (r#"{"type":"user_group","workspace":"w","slug":"admins","name":"Admins","is_admin":false,"members":["a@x.example"]}"#, 2, 0, "last admin of the workspace"),
            (r#"{"type":"planet"}"#, 2, 17, "not a record type"),
        ] {
            let (file, at, place, detail) = first_error(world.import(&format!("{good}\n{bad}\n")).await);
            assert_eq!((file.as_str(), at), ("test.ndjson", line), "{bad}: {detail}");
            assert!(detail.contains(words), "{bad}: {detail}");
            assert_eq!(place, column, "{bad}: {detail}");
        }
        let mut not_text = good.as_bytes().to_vec();
        not_text.extend(b"\n{\"type\":\"\xff\"}\n");
        let (_, line, column, detail) = first_error(world.import_bytes(not_text).await);
        assert_eq!((line, column, detail.as_str()), (2, 10, "this is not UTF-8 text"));
        assert_eq!(before, (world.export().await, world.events().await.len()), "nothing of a refused import is kept");
    }

    async fn changes_of_accounts_reach_the_workspaces_they_administer(world) {
        world.import(BASE).await.unwrap();
        world.import(r#"{"type":"account","email":"a@x.example","name":"A","is_robot":true}"#).await.unwrap();
        let operator = orglink_app::Principal::local_operator();
        let found = orglink_app::eligibility::check_eligibility(&world.app, &operator, "w", None).await.unwrap();
        let codes: Vec<&str> = found.eligibility.reasons.iter().map(|r| r.code.as_str()).collect();
        assert_eq!((codes, found.eligibility.eligible, found.eligibility.automatic), (vec!["no_active_admin"], true, false));
        world.check_invariants().await;
    }
}
