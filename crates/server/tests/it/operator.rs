//! What the operator sees and does.

use orglink_app::{Error, Principal, installation, operator};
use orglink_jobs::Loop;
use orglink_testkit::{TestApp, both};
use serde_json::Value;

const OLGA: &str = "olga@operator.example";

async fn slugs(world: &TestApp, token: &str, query: &str) -> Vec<String> {
    let (mut found, mut from) = (Vec::new(), String::new());
    loop {
        let answer = world.api(token, "GET", &format!("/operator/workspaces?limit=3{query}{from}"), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.json();
        found.extend(page["items"].as_array().unwrap().iter().map(|w| w["slug"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => from = format!("&cursor={next}"),
            None => return found,
        }
    }
}

async fn operating(world: &TestApp) -> String {
    installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world.token(OLGA).await
}

both! {
    async fn what_was_counted_is_kept_a_day_and_drawn(world) {
        let world = world.with_company().await;
        operating(&world).await;
        operator::keep_history(&world.app).await.unwrap();
        world.clock.advance(24 * 60 * 60);
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        operator::keep_history(&world.app).await.unwrap();
        operator::keep_history(&world.app).await.unwrap();
        let olga_again = world.token(OLGA).await;
        let days = world.api(&olga_again, "GET", "/operator/history", None).await.json();
        let days = days.as_array().unwrap();
        assert_eq!(days.len(), 2, "{days:?}");
        assert_eq!((&days[0]["day"], &days[0]["linked"], &days[1]["linked"]), (&"2026-01-05".into(), &0.into(), &1.into()));
        assert_eq!(days[0]["eligible"].as_i64().unwrap() - 1, days[1]["eligible"].as_i64().unwrap());
        for day in days {
            let cohorts = day["cohorts"].as_array().unwrap();
            assert!(cohorts.iter().any(|c| c["kind"] == "personal") && cohorts.iter().any(|c| c["plan"] == "premium"));
            for part in ["all", "linked", "eligible"] {
                assert_eq!(cohorts.iter().map(|c| c[part].as_i64().unwrap()).sum::<i64>(), day[part].as_i64().unwrap(), "{part}");
            }
        }
        let (cookie, _) = world.session(OLGA).await;
        let page = world.send("GET", "/operator", &[("cookie", &cookie)], "").await.text;
        for picture in ["chart-burn-down", "chart-blocked", "chart-cohorts"] {
            assert!(page.contains(picture), "{picture}");
        }
        let table = world.send("GET", "/operator/history.csv", &[("cookie", &cookie)], "").await.text;
        let rows: Vec<usize> = table.lines().map(|row| row.split(',').count()).collect();
        assert!(rows.len() == 3 && rows.iter().all(|cells| *cells == rows[0]), "{table}");
        let ada = world.token("ada@meridian.example").await;
        assert_eq!(world.api(&ada, "GET", "/operator/history", None).await.status, 403);
    }

    async fn every_workspace_is_found_by_what_it_is(world) {
        let world = world.with_company().await;
        let olga = operating(&world).await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        let all = slugs(&world, &olga, "").await;
        let counts = world.api(&olga, "GET", "/operator/workspaces/counts", None).await.json();
        assert_eq!(counts["all"].as_u64().unwrap(), all.len() as u64);
        assert_eq!(counts["linked"], 1);
        for (code, count) in counts["by_reason"].as_object().unwrap() {
            assert_eq!(slugs(&world, &olga, &format!("&state={code}")).await.len() as u64, count.as_u64().unwrap(), "{code}");
        }
        let eligible = slugs(&world, &olga, "&state=eligible").await;
        assert_eq!(eligible.len() as u64, counts["eligible"].as_u64().unwrap());
        for slug in &eligible {
            let answer = world.api(&olga, "GET", &format!("/workspaces/{slug}/eligibility"), None).await.json();
            assert_eq!(answer["eligible"], true, "{slug}");
        }
        assert_eq!(slugs(&world, &olga, "&state=already_linked").await, ["docs-site"]);
        let atlas = slugs(&world, &olga, "&slug=ATLAS-").await;
        assert!(atlas.len() >= 2 && atlas.is_sorted() && atlas.iter().all(|s| s.starts_with("atlas-")), "{atlas:?}");
        assert_eq!(slugs(&world, &olga, "&slug=atlas-&state=eligible&plan=premium").await.len(), 2);
        assert_eq!(slugs(&world, &olga, "&slug=%25").await, Vec::<String>::new());
        for plan in ["free", "standard", "premium"] {
            for workspace in slugs(&world, &olga, &format!("&plan={plan}&kind=team&status=active")).await {
                assert!(all.contains(&workspace));
            }
        }
        for bad in ["&state=nonsense", "&plan=gold", "&cursor=!!", "&kind=x"] {
            assert_eq!(world.api(&olga, "GET", &format!("/operator/workspaces?limit=3{bad}"), None).await.status, 400, "{bad}");
        }
        let ada = world.token("ada@meridian.example").await;
        assert_eq!(world.api(&ada, "GET", "/operator/workspaces", None).await.status, 403);
    }

    async fn loops_say_how_they_are(world) {
        let world = world.with_company().await;
        let olga = operating(&world).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut loops = orglink_jobs::start(&world.app, &stopped);
        let mut seen = Value::Null;
        for _ in 0..200 {
            seen = world.api(&olga, "GET", "/operator/health", None).await.json();
            if seen["loops"].as_array().unwrap().len() == Loop::ALL.len() && seen["events_waiting"]["count"] == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        stop.send(true).unwrap();
        while loops.join_next().await.is_some() {}
        assert_eq!(seen["loops"].as_array().unwrap().len(), Loop::ALL.len(), "{seen}");
        for each in seen["loops"].as_array().unwrap() {
            assert_eq!((each["is_healthy"].as_bool(), each["failures"].as_i64()), (Some(true), Some(0)), "{each}");
        }
    }

    async fn one_operator_remains(world) {
        let world = world.with_company().await;
        let me = Principal::local_operator();
        installation::grant_operator(&world.app, &me, OLGA).await.unwrap();
        let no = operator::revoke_operator(&world.app, &me, OLGA).await;
        assert!(matches!(no, Err(Error::Refused(r)) if r.code == "last_operator"));
        installation::grant_operator(&world.app, &me, "ben@meridian.example").await.unwrap();
        operator::revoke_operator(&world.app, &me, OLGA).await.unwrap();
        assert!(matches!(operator::revoke_operator(&world.app, &me, OLGA).await, Err(Error::NotFound { .. })));
        assert_eq!(operator::list_operators(&world.app, &me).await.unwrap().len(), 1);
        world.check_invariants().await;
    }

    async fn a_file_is_imported_from_the_page_and_its_end_is_shown(world) {
        let world = world.with_company().await;
        operating(&world).await;
        let (cookie, token) = world.session(OLGA).await;
        let send = async |token: &str, content: &str| {
            let body = format!("--b\r\ncontent-disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"more.ndjson\"\r\n\r\n{content}\r\n--b--\r\n");
            world.send("POST", "/operator/imports", &[("cookie", &cookie), ("content-type", "multipart/form-data; boundary=b")], &body).await
        };
        let record = r#"{"type":"account","email":"new@meridian.example","name":"New"}"#;
        assert_eq!(send("forged", record).await.status, 403);
        assert_eq!(send(&token, "").await.status, 400);
        assert_eq!(send(&token, record).await.status, 303);
        assert_eq!(send(&token, "{\"type\":\"nonsense\"}").await.status, 303);
        let mut page = String::new();
        for _ in 0..200 {
            page = world.send("GET", "/operator/imports", &[("cookie", &cookie)], "").await.text;
            if !page.contains("data-running") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        assert!(page.contains("1 made") && page.contains("Refused") && page.contains("more.ndjson:1:"), "{page}");
        let long = format!("{{\"type\":\"account\",\"email\":\"long@meridian.example\",\"name\":\"Long\"}}{}", "\n".repeat(3 << 20));
        assert_eq!(send(&token, &long).await.status, 303, "a file is as long as import.max_bytes allows");
        let (ada, ada_token) = world.session("ada@meridian.example").await;
        assert_eq!(world.send("GET", "/operator/imports", &[("cookie", &ada)], "").await.status, 403);
        // Refused before a byte of the file is looked at: this one never ends.
        let cut = format!("--b\r\ncontent-disposition: form-data; name=\"form_token\"\r\n\r\n{ada_token}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n{{");
        let headers = [("cookie", ada.as_str()), ("content-type", "multipart/form-data; boundary=b")];
        assert_eq!(world.send("POST", "/operator/imports", &headers, &cut).await.status, 403);
    }
}

#[test]
fn a_catalog_s_faults_are_named_with_line_and_field() {
    let good = orglink_server::config::DEFAULT_CATALOG;
    assert_eq!(orglink_app::catalog::check(good), vec![]);
    for (from, to, says) in [
        ("default_app = \"bitbucket\"", "default_app = \"nothing\"", "default_app"),
        ("title = \"Jira\"", "title = \" \"", "products.jira.title"),
        ("link_by = \"2026-03-15\"", "link_by = \"soon\"", "dates.link_by"),
        ("name = \"packages\"", "name = \"forge_apps\"", "two features"),
        ("[eligibility]", "[eligibility]\nnonsense = 1", "unknown field"),
        ("stage = \"linked\"", "stage = \"joined\"", "joined"),
        (
            "# What orglink serves itself",
            "[extensions.-bad]\ntitle = \"T\"\npublisher = \"P\"\ndescription = \"D\"\nversion = 1\nscopes = { \"events:read\" = \"Why.\" }\n# What orglink serves itself",
            "extensions.-bad",
        ),
        ("publisher = \"Your security team\"", "publisher = \"\"", "extensions.audit-forwarder.publisher"),
        ("version = 1", "version = 0", "extensions.repository-report.version"),
        ("version = 1", "version = -1", "-1"),
        ("\"events:read\" = ", "\"events:write\" = ", "events:write"),
        (
            "\"events:read\" = \"What happened is copied as it is, with the names of those who did it.\"",
            "",
            "extensions.audit-forwarder.scopes",
        ),
        (
            "\"The report names the workspace and its plan.\"",
            "\"\"",
            "extensions.repository-report.scopes.workspace:read",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let found = orglink_app::catalog::check(&good.replacen(from, to, 1));
        assert!(
            found.iter().any(|f| f.is_error && f.line.is_some() && f.to_string().contains(says)),
            "{to}: {found:?}"
        );
    }
    let late = good.replace("automatic_linking_from = \"2026-03-16\"", "automatic_linking_from = \"2026-03-15\"");
    let found = orglink_app::catalog::check(&late);
    assert!(!found.is_empty() && found.iter().all(|f| !f.is_error), "{found:?}");
}
