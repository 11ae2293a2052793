//! `orglink doctor` finds what tests break on purpose, and says how to mend it.

use orglink_store::Db;
use orglink_testkit::{TestApp, both};
use serde_json::Value;
use sqlx::Executor as _;

use crate::cli::run;

/// Statements behind orglink's back, on one connection that checks no references.
pub async fn tamper(world: &TestApp, statements: &str) {
    match &world.app.db {
        Db::Sqlite { write, .. } => {
            let mut connection = write.acquire().await.unwrap();
            connection.execute("PRAGMA foreign_keys = OFF").await.unwrap();
            connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned()))).await.unwrap();
            connection.execute("PRAGMA foreign_keys = ON").await.unwrap();
        }
        Db::Postgres(pool) => {
            let mut connection = pool.acquire().await.unwrap();
            connection.execute("SET session_replication_role = replica").await.unwrap();
            connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned()))).await.unwrap();
            connection.execute("RESET session_replication_role").await.unwrap();
        }
    }
}

/// The exit code, and the health of one check; every check that is not ok has a remedy.
fn health(world: &TestApp, config: &str, name: &str) -> (i32, String) {
    let (code, report, stderr) = run(world, &["doctor", "--deep", "--json", "--config", config]);
    let checks = report["checks"].as_array().unwrap_or_else(|| panic!("{stderr}"));
    for check in checks.iter().filter(|c| c["health"] != "ok") {
        assert!(check["remedy"].as_str().is_some_and(|r| !r.is_empty()), "{check}");
    }
    let found = checks.iter().find(|c| c["name"] == name).map_or(Value::Null, |c| c["health"].clone());
    (code, found.as_str().unwrap_or("absent").to_owned())
}

both! {
    async fn it_finds_what_is_broken_and_nothing_else(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        world.events().await;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (config, key, catalog) = (at("orglink.toml"), at("orglink.key"), at("catalog.toml"));
        std::fs::write(&config, format!("[secrets]\nkey_file = \"{key}\"\n")).unwrap();
        assert_eq!(health(&world, &config, "key"), (0, "warn".into()), "there is none yet");
        std::fs::write(&key, format!("{}\n", "ab".repeat(32))).unwrap();
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        assert_eq!(health(&world, &config, "key"), (1, "fail".into()), "others can read it");
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let (code, report, stderr) = run(&world, &["doctor", "--json", "--config", &config]);
        assert_eq!(code, 0, "{report} {stderr}");
        assert!(report["checks"].as_array().unwrap().iter().all(|c| c["health"] != "fail"), "{report}");
        // Rotation keeps the file good, and a second line is no secret to the doctor.
        let (code, rotated, stderr) = run(&world, &["key", "rotate", "--json", "--config", &config]);
        assert_eq!((code, &rotated["accepted"]), (0, &2.into()), "{stderr}");
        assert_eq!(health(&world, &config, "key"), (0, "ok".into()));

        std::fs::write(&key, "rubbish").unwrap();
        assert_eq!(health(&world, &config, "key"), (1, "fail".into()));
        std::fs::write(&key, "ab".repeat(32)).unwrap();
        std::fs::write(&catalog, "colour = 1").unwrap();
        let other = at("other.toml");
        std::fs::write(&other, format!("catalog = \"{catalog}\"\nlisten = \"0.0.0.0:80\"\n[secrets]\nkey_file = \"{key}\"\n")).unwrap();
        assert_eq!(health(&world, &other, "catalog"), (1, "fail".into()));
        assert_eq!(health(&world, &other, "public_url"), (1, "fail".into()));
        std::fs::write(&other, format!("public_url = \"http://orglink.example\"\nlisten = \"0.0.0.0:80\"\n[secrets]\nkey_file = \"{key}\"\n")).unwrap();
        assert_eq!(health(&world, &other, "public_url"), (0, "warn".into()));

        world.link("ada@meridian.example", "harbor-ops", "harbor").await.unwrap();
        assert_eq!(health(&world, &config, "pending"), (0, "warn".into()), "it waits since January");
        world.events().await;
        let broken: &[(&str, &str, &str)] = &[
            ("links", "UPDATE workspace SET deleted_at = created_at WHERE slug = 'docs-site'", "UPDATE workspace SET deleted_at = NULL"),
            ("reasons", "DELETE FROM workspace_reason WHERE code = 'free_plan'; UPDATE workspace SET plan = 'free' WHERE slug = 'atlas-mobile'", "UPDATE workspace SET plan = 'premium' WHERE slug = 'atlas-mobile'"),
            ("positions", "UPDATE event_sequence SET last_position = last_position + 1", "UPDATE event_sequence SET last_position = last_position - 1"),
            ("commitments", "UPDATE event_payload SET payload = (SELECT payload FROM event_payload LIMIT 1)", ""),
            ("references", "DELETE FROM account WHERE email_folded = 'ada@meridian.example'", ""),
        ];
        for (name, statement, mended) in broken {
            tamper(&world, statement).await;
            assert_eq!(health(&world, &config, name), (1, "fail".into()), "{name}");
            tamper(&world, mended).await;
        }
    }

    async fn it_finds_access_that_was_changed_behind_its_back(world) {
        let world = world.with_company().await;
        let token = world.token("ada@meridian.example").await;
        let plan = world.api(&token, "POST", "/link-plans", Some(serde_json::json!({ "workspace": "atlas-platform", "organization": "meridian" }))).await;
        assert!(plan.status < 300, "{}", plan.text);
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        assert_ne!(health(&world, "/dev/null", "access_digests").1, "fail");
        tamper(&world, "UPDATE user_group SET name = 'altered', slug = 'altered', slug_folded = 'altered', repository_permission = CASE repository_permission WHEN 'admin' THEN 'read' ELSE 'admin' END WHERE slug_folded = 'administrators' OR is_default = is_default AND slug_folded <> 'altered' AND NOT EXISTS (SELECT 1 FROM user_group g WHERE g.workspace_id = user_group.workspace_id AND g.slug_folded < user_group.slug_folded)").await;
        assert_eq!(health(&world, "/dev/null", "access_digests").1, "fail");
    }
}

#[test]
fn a_database_that_is_away_or_not_there_is_a_finding_with_a_remedy() {
    for (database, word) in [("sqlite:/nowhere/at/all.db", "fail"), ("postgres://orglink@127.0.0.1:1/none", "fail")] {
        let out = std::process::Command::new(crate::cli::PROGRAM)
            .args(["doctor", "--json", "--database", database])
            .env_clear()
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let checks = report["checks"].as_array().unwrap();
        let found = checks.iter().find(|c| c["name"] == "database").unwrap();
        assert_eq!((out.status.code(), found["health"].as_str()), (Some(1), Some(word)), "{found}");
        assert!(!std::path::Path::new("/nowhere").exists());
    }
}
