//! The ways in: the API with keys, the pages, the command line with its file, killed in the middle.

use std::io::Write as _;
use std::process::{Command, Stdio};

use orglink_domain::event::EventType;
use orglink_testkit::{Answer, TestApp, address_text, both};
use serde_json::{Value, json};

use super::{ADA, GUS, links, suspended, with_many};
use crate::cli::{PROGRAM, run};

/// A manifest in a file of its own.
fn manifest(text: &str) -> (tempfile::NamedTempFile, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let name = file.path().display().to_string();
    (file, name)
}

fn block(organization: &str, workspaces: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = workspaces.iter().map(|w| format!("\"{}\"", w.as_ref())).collect();
    format!("[[link]]\norganization = \"{organization}\"\nworkspaces = [{}]\n", quoted.join(", "))
}

async fn form(world: &TestApp, who: &str, path: &str, fields: &str) -> Answer {
    let (cookie, token) = world.session(who).await;
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    world.send("POST", path, &headers, &format!("{fields}&form_token={token}")).await
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no field {name}: {page}")).replace('=', "%3D").replace(':', "%3A").replace(' ', "+")
}

both! {
    async fn through_the_api_with_and_without_a_key(world) {
        let world = world.with_company().await;
        let (ada, gus) = (world.token(ADA).await, world.token(GUS).await);
        let (plans, links) = ("/organizations/meridian/link-plans", "/organizations/meridian/links");
        let list = json!({ "workspaces": ["atlas-mobile", "docs-site", "old-billing", "workshop"] });
        assert_eq!(world.api(&gus, "POST", plans, Some(list.clone())).await.status, 404);
        let made = world.api(&ada, "POST", plans, Some(list)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let plan = made.json()["plan"].clone();
        assert_eq!((&plan["counts"]["ready"], &plan["counts"]["not_eligible"], &plan["warnings"][0]["rows"]), (&json!(2), &json!(1), &json!(2)));
        assert_eq!(plan["rows"][3]["reasons"][0]["code"], "not_found");
        let rows: Vec<Value> = plan["rows"].as_array().unwrap().iter().map(|row| json!({ "workspace": row["workspace"], "plan_digest": row["plan_digest"] })).collect();
        let body = json!({ "rows": rows[..2], "plan_digest": plan["digest"], "acknowledge_all": true });
        for wrong in [
            json!({ "workspaces": [] }),
            json!({ "workspaces": (0..501).map(|i| format!("w-{i}")).collect::<Vec<_>>() }),
            json!({ "workspaces": ["a"], "colour": "red" }),
        ] {
            let answer = world.api(&ada, "POST", plans, Some(wrong)).await;
            assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("bad_input")), "{}", answer.text);
        }
        for (field, wrong) in [("plan_digest", json!(format!("sha256:{}", "0".repeat(64)))), ("plan_digest", json!("x")), ("rows", json!([])), ("colour", json!("red"))] {
            let mut tampered = body.clone();
            tampered[field] = wrong;
            assert_eq!(world.api(&ada, "POST", links, Some(tampered)).await.status, 400);
        }
        assert_eq!(world.api(&gus, "POST", links, Some(body.clone())).await.status, 404);
        assert_eq!(self::links(&world).await, 0);

        let bearer = format!("Bearer {ada}");
        let send = async |body: &Value| {
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
            world.send("POST", &format!("/api/v1{links}"), &headers, &body.to_string()).await
        };
        world.import(&suspended("docs-site", "Docs Site")).await.unwrap();
        let first = send(&body).await;
        assert_eq!(first.status, 200, "{}", first.text);
        let first = first.json();
        assert_eq!((&first["rows"][0]["result"], &first["rows"][0]["link"]["already_existed"]), (&json!("linked"), &json!(false)));
        assert_eq!((&first["rows"][1]["result"], &first["rows"][1]["problem"]["code"]), (&json!("refused"), &json!("suspended")));
        assert_eq!(first["counts"], json!({ "linked": 1, "already_linked": 0, "refused": 1, "not_tried": 0 }));
        world.import(&suspended("docs-site", "Docs Site").replace("suspended", "active")).await.unwrap();
        let second = send(&body).await.json();
        assert_eq!((&second["rows"][0]["link"]["id"], &second["rows"][0]["link"]["already_existed"]), (&first["rows"][0]["link"]["id"], &json!(true)));
        assert_eq!(second["rows"][1]["result"], "linked", "what was refused is tried again: {second}");
        let mut other = body.clone();
        other["acknowledge_all"] = json!(false);
        let reused = send(&other).await;
        assert_eq!((reused.status, &reused.json()["code"]), (422, &json!("idempotency_key_reused")));
        let without = world.api(&ada, "POST", links, Some(body)).await.json();
        assert_eq!(without["counts"], json!({ "linked": 0, "already_linked": 2, "refused": 0, "not_tried": 0 }));
        assert_eq!(self::links(&world).await, 2);
        world.check_invariants().await;
    }

    async fn killed_in_the_middle_it_goes_on_where_it_was(world) {
        let (world, slugs) = with_many(world, 5).await;
        let (_file, file) = manifest(&block("meridian", &slugs));
        let apply = ["links", "apply", "-f", &file, "--as", ADA, "--yes", "--json"];
        let mut expected = 0;
        for point in ["link.planned", "link.guarded", "link.committed", "link.inserted", "link.event", "link.committed"] {
            let mut command = Command::new(PROGRAM);
            command.args(apply).args(["--database", &address_text(&world.database.address())]).env("ORGLINK_FAULT", point);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            assert!(!command.status().unwrap().success(), "{point} was not passed");
            expected += usize::from(point == "link.committed");
            assert_eq!(links(&world).await, expected, "after {point}");
            world.check_invariants().await;
        }
        let (code, status, _) = run(&world, &["links", "status", "-f", &file, "--as", ADA, "--json"]);
        assert_eq!((code, &status["holds"], &status["counts"]["already_linked"]), (8, &json!(false), &json!(2)));
        let (code, done, said) = run(&world, &apply);
        assert_eq!((code, &done["counts"]["linked"], &done["counts"]["already_linked"]), (0, &json!(3), &json!(2)), "{said}");
        assert_eq!(links(&world).await, 5);
        world.check_invariants().await;
    }

    async fn a_file_declares_and_never_unlinks(world) {
        let world = world.with_company().await;
        world.link(ADA, "hackdays", "meridian").await.unwrap();
        let ada = ["--as", ADA, "--json"];
        let ask = |verb: &str, file: &str, more: &[&str]| run(&world, &[&["links", verb, "-f", file][..], more, &ada[..]].concat());
        let text = block("meridian", &["atlas-mobile", "docs-site"]) + &block("harbor", &["harbor-ops"]);
        let (_file, file) = manifest(&text);
        let (code, planned, said) = ask("plan", &file, &[]);
        assert_eq!((code, &planned["counts"]["ready"], planned["plans"].as_array().unwrap().len()), (8, &json!(3), 2), "{said}");
        assert_eq!(links(&world).await, 1, "a plan links nothing");
        let (code, _, said) = run(&world, &["links", "apply", "-f", &file, "--as", ADA]);
        assert_eq!(code, 2, "nobody is there to ask: {said}");
        let (code, refused, _) = ask("apply", &file, &["--acknowledge", "link_is_permanent"]);
        assert_eq!((code, &refused["counts"]["refused"], &refused["rows"][0]["problem"]["code"]), (3, &json!(3), &json!("warnings_not_acknowledged")));
        let (code, done, said) = ask("apply", &file, &["--yes"]);
        assert_eq!((code, &done["counts"]["linked"]), (0, &json!(3)), "{said}");
        for verb in ["plan", "status"] {
            let (code, answer, _) = ask(verb, &file, &[]);
            assert_eq!((code, &answer["counts"]["already_linked"]), (0, &json!(3)), "{verb}");
        }
        // Without its line it stays linked; and what is linked elsewhere is a conflict, moved by nothing.
        let (_file, file) = manifest(&block("meridian", &["atlas-mobile", "harbor-ops"]));
        let (code, planned, _) = ask("plan", &file, &[]);
        assert_eq!((code, &planned["plans"][0]["rows"][1]["state"]), (3, &json!("linked_elsewhere")));
        assert_eq!(ask("status", &file, &[]).0, 8);
        let (code, answer, _) = ask("apply", &file, &["--yes"]);
        assert_eq!((code, &answer["rows"][1]["problem"]["code"]), (6, &json!("linked_elsewhere")));
        assert_eq!(links(&world).await, 4);
        assert!(world.events().await.iter().all(|e| e.kind != EventType::WorkspaceUnlinked));
        for (slug, organization) in [("docs-site", "meridian"), ("harbor-ops", "harbor"), ("hackdays", "meridian")] {
            let (_, link, _) = run(&world, &["workspace", "link", slug, "--json"]);
            assert_eq!(link["organization"], organization, "{link}");
        }
        world.check_invariants().await;
    }

    async fn a_file_that_is_wrong_says_where_and_links_nothing(world) {
        let world = world.with_company().await;
        for (text, line, column, words) in [
            ("[[link]]\norganization = \"meridian\"\nworkspaces = [\"docs-site\"]\ncolour = 1\n", 4, 1, "colour"),
            ("[[link]]\norganization = \"meridian\"\nworkspaces = [\"a\"]\n[[link]]\norganization = \"harbor\"\nworkspaces = [\n  \"A\",\n]\n", 7, 3, "one organization"),
            ("[[link]]\norganization = \"meridian\"\nworkspaces = \"docs-site\"\n", 3, 14, "sequence"),
        ] {
            let (_file, file) = manifest(text);
            for verb in ["plan", "status", "apply"] {
                let yes: &[&str] = if verb == "apply" { &["--yes"] } else { &[] };
                let (code, answer, said) = run(&world, &[&["links", verb, "-f", &file, "--as", ADA, "--json"][..], yes].concat());
                let error = &answer["errors"][0];
                assert_eq!((code, &answer["code"], &error["line"], &error["column"]), (5, &json!("bad_input"), &json!(line), &json!(column)), "{said}");
                assert!(said.contains(words) && said.contains(&file), "{said}");
            }
        }
        let (_file, file) = manifest(&block("no-such", &["docs-site"]));
        assert_eq!(run(&world, &["links", "apply", "-f", &file, "--as", ADA, "--yes", "--json"]).0, 4);
        assert_eq!(run(&world, &["links", "plan", "-f", "/no/such/file", "--as", ADA]).0, 2);
        let (_file, file) = manifest("# nothing yet\n");
        assert_eq!(run(&world, &["links", "plan", "-f", &file, "--as", ADA]).0, 0);
        // By standard input, for people.
        let mut child = Command::new(PROGRAM)
            .args(["links", "plan", "-f", "-", "--as", ADA, "--database", &address_text(&world.database.address())])
            .env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(block("meridian", &["docs-site", "old-billing"]).as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert_eq!(out.status.code(), Some(8), "{said}");
        assert!(said.contains("docs-site") && said.contains("not eligible") && said.contains("1 to link, 0 linked already, 1 cannot be linked now."), "{said}");
        assert_eq!(links(&world).await, 0);
    }

    async fn the_pages_choose_show_and_link(world) {
        let world = world.with_company().await;
        let base = "/organizations/meridian/link/many";
        let (cookie, _) = world.session(ADA).await;
        let apps = world.send("GET", "/organizations/meridian/apps", &[("cookie", &cookie)], "").await.text;
        assert!(apps.contains(&format!("href=\"{base}\"")), "{apps}");
        let offered = world.send("GET", base, &[("cookie", &cookie)], "").await.text;
        assert!(offered.contains("value=\"docs-site\"") && offered.contains("value=\"old-billing\" disabled"), "{offered}");
        // Whoever is no admin here reads what is missing; a stranger nothing.
        let (cleo, _) = world.session("cleo@meridian.example").await;
        let away = world.send("GET", base, &[("cookie", &cleo)], "").await;
        assert_eq!((away.status, away.location.as_str()), (303, "/organizations/meridian/link"));
        for fields in ["slugs=", "all=rubbish"] {
            let answer = form(&world, ADA, base, fields).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert_eq!(form(&world, GUS, base, fields).await.status, 404);
        }
        let all = form(&world, ADA, base, "all=yes").await.text;
        assert!(all.contains("atlas-platform=sha256:") && !all.contains("old-billing=sha256:"), "{all}");

        let page = form(&world, ADA, base, "workspaces=docs-site&workspaces=atlas-mobile&slugs=old-billing%0D%0Aworkshop").await;
        for words in ["Link 2 workspaces to Meridian Freight?", "2 of 4 can be linked", "Cannot be linked now", "Not found", "Concerns all 2."] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let sent = format!("rows={}&digest={}", hidden(&page.text, "rows"), hidden(&page.text, "digest"));
        let confirm = format!("{base}/confirm");
        for (who, status) in [(GUS, 404), (ADA, 400)] {
            assert_eq!(form(&world, who, &confirm, "rows=docs-site").await.status, status);
        }
        let warnings = "acknowledge=link_is_permanent&acknowledge=people_stay_in_workspace";
        let none = form(&world, ADA, &confirm, &sent).await;
        assert!(none.status == 200 && none.text.contains("0 linked, 2 not") && none.text.contains("Acknowledge this warning."), "{}", none.text);
        world.link(ADA, "atlas-mobile", "meridian").await.unwrap();
        let done = form(&world, ADA, &confirm, &format!("{sent}&{warnings}")).await;
        assert!(done.status == 200 && done.text.contains("Was linked here already") && done.text.contains("1 workspace was linked now"), "{}", done.text);
        let again = form(&world, ADA, &confirm, &format!("{sent}&{warnings}")).await;
        assert!(again.status == 200 && again.text.contains("2 were linked before."), "{}", again.text);
        assert_eq!(links(&world).await, 2);
        world.check_invariants().await;
    }
}
