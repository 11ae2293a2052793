//! Linking: the plan, drift, roles, refusals that tell nobody what they may not know.

use orglink_app::link::{Acknowledge, LinkRequest, link_workspace, make_plan, view_plan};
use orglink_app::{Error, Refusal, installation, upkeep, workspace};
use orglink_domain::link::AccessCheck;
use orglink_testkit::{TestApp, both};

const ADA: &str = "ada@meridian.example";

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

async fn plan(world: &TestApp, workspace: &str, organization: &str) -> LinkRequest {
    let ada = world.person(ADA).await;
    let plan = make_plan(&world.app, &ada, workspace, organization).await.unwrap().plan;
    LinkRequest {
        workspace: workspace.to_owned(),
        organization: organization.to_owned(),
        plan_digest: Some(plan.digest),
        acknowledge: Acknowledge::Codes(plan.warnings.iter().map(ToString::to_string).collect()),
    }
}

const DEVELOPERS: &str = r#"{"type":"user_group","workspace":"atlas-platform","slug":"developers","name":"Developers","members":["ivo@meridian.example","mia@meridian.example","tess@meridian.example","yan@meridian.example","sam@meridian.example"]"#;

both! {
    async fn a_link_is_made_once_and_changes_nothing_else(world) {
        let world = world.with_company().await;
        let before = world.export().await;
        let made = world.link(ADA, "Atlas-Platform", "meridian").await.unwrap();
        assert_eq!((made.workspace.as_str(), made.organization.as_str(), made.linked_by.as_str()), ("atlas-platform", "meridian", ADA));
        assert_eq!(world.export().await, before, "linking deletes, moves and grants nothing");
        let again = refusal(world.link(ADA, "atlas-platform", "meridian").await);
        assert_eq!((again.code, again.reasons[0].code), ("already_linked", "already_linked"));
        let elsewhere = refusal(world.link(ADA, "atlas-platform", "harbor").await);
        assert_eq!(elsewhere.code, "already_linked");
        assert!(!format!("{elsewhere:?}").contains("eridian"), "never says where: {elsewhere:?}");
        upkeep::check_access(&world.app).await.unwrap();
        let ada = world.person(ADA).await;
        let view = workspace::view_workspace(&world.app, &ada, "atlas-platform").await.unwrap();
        assert_eq!(view.link.unwrap().access_check, AccessCheck::Unchanged);
        world.check_invariants().await;
    }

    async fn the_same_state_gives_the_same_plan_and_a_stale_one_is_refused(world) {
        let world = world.with_company().await;
        let request = plan(&world, "atlas-platform", "meridian").await;
        world.clock.advance(3600);
        assert_eq!(plan(&world, "atlas-platform", "meridian").await.plan_digest, request.plan_digest);
        let changed = format!("{DEVELOPERS},\"repository_permission\":\"admin\"}}");
        world.import(&changed).await.unwrap();
        let ada = world.person(ADA).await;
        let no = refusal(link_workspace(&world.app, &ada, &request, None).await);
        assert_eq!(no.code, "plan_changed");
        assert_eq!(no.differences.len(), 1);
        assert_eq!(no.differences[0].path, "workspace.user_groups.developers.repository_permission");
        assert_eq!(no.differences[0].before, Some("write".into()));
        let digest = request.plan_digest.unwrap().to_string();
        assert_eq!(view_plan(&world.app, &ada, &digest).await.unwrap().differences.len(), 1);
        let fresh = plan(&world, "atlas-platform", "meridian").await;
        world.clock.advance(25 * 3600);
        assert_eq!(refusal(link_workspace(&world.app, &ada, &fresh, None).await).code, "plan_expired");
        world.check_invariants().await;
    }

    async fn an_ordinary_member_is_listed_and_does_not_stop_the_link(world) {
        let world = world.with_company().await;
        let request = plan(&world, "atlas-platform", "meridian").await;
        world.import(&DEVELOPERS.replace("\"sam@", "\"kim@meridian.example\",\"sam@").replacen("\"]", "\"]}", 1)).await.unwrap();
        let ada = world.person(ADA).await;
        let made = link_workspace(&world.app, &ada, &request, None).await.unwrap().answer;
        assert_eq!(made.changes_since_plan[0]["changes"][0]["change"], "member_added");
        world.check_invariants().await;
    }

    async fn both_roles_are_needed_on_the_moment(world) {
        let world = world.with_company().await;
        let request = plan(&world, "docs-site", "meridian").await;
        world.import(r#"{"type":"organization","slug":"meridian","name":"Meridian Freight","admins":["ben@meridian.example"]}"#).await.unwrap();
        let ada = world.person(ADA).await;
        let gone = link_workspace(&world.app, &ada, &request, None).await;
        assert!(matches!(gone, Err(Error::NotFound { what: "organization", .. })), "{gone:?}");
        let cleo = refusal(world.link("pia@meridian.example", "docs-site", "meridian").await.map_err(|e| match e {
            Error::NotFound { .. } => Error::refused("not_found", "", ""),
            e => e,
        }));
        assert_eq!(cleo.code, "not_found", "Pia lost every role there as well");
        world.import(r#"{"type":"role","organization":"meridian","account":"ada@meridian.example","role":"billing_admin"}"#).await.unwrap();
        let holder = refusal(world.link(ADA, "docs-site", "meridian").await);
        assert_eq!((holder.code, holder.is_about_permission), ("organization_admin_required", true));
        let member = world.link("mia@meridian.example", "docs-site", "meridian").await;
        assert!(matches!(member, Err(Error::NotFound { .. })));
        world.check_invariants().await;
    }

    async fn every_reason_refuses_in_its_order_and_each_warning_is_acknowledged_by_name(world) {
        let world = world.with_company().await;
        for (slug, codes) in [
            ("old-billing", vec!["suspended"]),
            ("sunset-tools", vec!["pending_deletion"]),
            ("spin-off", vec!["open_transfer"]),
            ("claims-archive", vec!["legal_hold"]),
            ("ada-brandt", vec!["personal_workspace"]),
        ] {
            let no = refusal(world.link(ADA, slug, "meridian").await);
            assert_eq!(no.reasons.iter().map(|r| r.code).collect::<Vec<_>>(), codes, "{slug}");
            assert_eq!(no.code, codes[0]);
            assert!(no.reasons.iter().all(|r| r.remedy.is_some() && r.who.is_some()));
        }
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        assert_eq!(refusal(world.link(ADA, "docs-site", "harbor").await).code, "organization_quota");
        let ada = world.person(ADA).await;
        let mut request = plan(&world, "docs-site", "meridian").await;
        request.acknowledge = Acknowledge::Codes(vec!["link_is_permanent".into()]);
        let no = refusal(link_workspace(&world.app, &ada, &request, None).await);
        assert_eq!((no.code, no.reasons[0].code), ("warnings_not_acknowledged", "people_stay_in_workspace"));
        request.acknowledge = Acknowledge::Codes(vec!["everything".into()]);
        assert!(matches!(link_workspace(&world.app, &ada, &request, None).await, Err(Error::BadInput(_))));
        let operator = orglink_app::Principal::local_operator();
        installation::change_freeze(&world.app, &operator, true, Some("test".into())).await.unwrap();
        assert_eq!(refusal(world.link(ADA, "docs-site", "meridian").await).code, "linking_frozen");
        world.check_invariants().await;
    }

    async fn the_same_key_gives_the_same_answer_and_another_body_is_refused(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let mut request = plan(&world, "docs-site", "meridian").await;
        request.plan_digest = None;
        request.acknowledge = Acknowledge::All;
        let first = link_workspace(&world.app, &ada, &request, Some("k-1")).await.unwrap();
        let second = link_workspace(&world.app, &ada, &request, Some("k-1")).await.unwrap();
        assert_eq!((first.is_replay, second.is_replay, first.answer.id), (false, true, second.answer.id));
        request.workspace = "atlas-mobile".into();
        assert_eq!(refusal(link_workspace(&world.app, &ada, &request, Some("k-1")).await).code, "idempotency_key_reused");
        world.clock.advance(49 * 3600);
        upkeep::forget(&world.app).await.unwrap();
        request.workspace = "docs-site".into();
        assert_eq!(refusal(link_workspace(&world.app, &ada, &request, Some("k-1")).await).code, "already_linked");
        world.check_invariants().await;
    }

    async fn access_that_changed_by_nobody_raises_an_alarm(world) {
        let world = world.with_company().await;
        let made = world.link(ADA, "docs-site", "meridian").await.unwrap();
        // Behind everybody's back: a member goes without a version or an event.
        let mut tx = world.app.db.begin_write().await.unwrap();
        let w = orglink_store::workspace::find_by_reference(&mut tx, "docs-site").await.unwrap().unwrap();
        let group = orglink_store::user_group::find(&mut tx, w.id, "developers").await.unwrap().unwrap();
        let mia = orglink_store::account::find_by_email(&mut tx, "mia@meridian.example").await.unwrap().unwrap();
        orglink_store::import::remove_members(&mut tx, group.id, &[mia.id]).await.unwrap();
        tx.commit().await.unwrap();
        upkeep::check_access(&world.app).await.unwrap();
        let last = world.events().await.pop().unwrap();
        assert_eq!(last.kind.as_str(), "link.access_differs");
        assert_eq!(last.payload.unwrap()["link"], made.id.to_string());
    }

    async fn a_stranger_can_rebuild_the_access_digest_from_an_export(world) {
        use orglink_domain::access::AccessDigest;
        use orglink_domain::name::fold;
        use serde_json::Value;
        let world = world.with_company().await;
        let made = world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        let ada = world.person(ADA).await;
        let salt = workspace::view_access_salt(&world.app, &ada, "atlas-platform").await.unwrap();
        let records: Vec<Value> = world.export().await.iter().map(|l| serde_json::from_str(l).unwrap()).collect();
        let mine = |kind: &str| -> Vec<&Value> {
            let mut found: Vec<&Value> = records.iter().filter(|r| r["type"] == kind && r["workspace"] == "atlas-platform").collect();
            found.sort_by_key(|r| fold(r["slug"].as_str().unwrap()));
            found
        };
        let words = |v: &Value| -> Vec<String> { v.as_array().into_iter().flatten().map(|e| e.as_str().unwrap().to_owned()).collect() };
        let mut digest = AccessDigest::new(&salt);
        for g in mine("user_group") {
            digest.group(&orglink_domain::workspace::UserGroup {
                id: orglink_domain::id::UserGroupId(made.id.0),
                slug: g["slug"].as_str().unwrap().to_owned(),
                name: String::new(),
                is_admin: g["is_admin"] == true,
                repository_permission: g["repository_permission"].as_str().unwrap().parse().unwrap(),
                workspace_permissions: words(&g["workspace_permissions"]),
                is_default: g["is_default"] == true,
            });
            let mut members: Vec<String> = words(&g["members"]).iter().map(|e| fold(e)).collect();
            members.sort();
            for m in &members {
                digest.member(m);
            }
        }
        for r in mine("repository") {
            digest.repository(&fold(r["slug"].as_str().unwrap()));
            for (group, permission) in r["grants"]["groups"].as_object().into_iter().flatten() {
                digest.group_grant(&fold(group), permission.as_str().unwrap().parse().unwrap());
            }
        }
        assert_eq!(digest.finish(), made.access_digest);
    }
}
