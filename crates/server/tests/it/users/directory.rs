//! The groups of a directory: who makes them, who is in them, and whom they are hidden from.

use orglink_app::Expected;
use orglink_app::organization::{RolePlace, change_role};
use orglink_domain::role::OrganizationRole;
use orglink_testkit::both;
use serde_json::json;

use super::{ADA, BEN, GROUPS, HANA, LENA, MIA, code, linked, members};
use crate::cli::run as command;

/// Auditor of the organization.
const CLEO: &str = "cleo@meridian.example";
/// Billing admin of the organization.
const KIM: &str = "kim@meridian.example";

both! {
    async fn admins_and_user_access_admins_manage_it(world) {
        let world = linked(world).await;
        let (ada, mia, lena) = (world.token(ADA).await, world.token(MIA).await, world.token(LENA).await);
        let (cleo, kim) = (world.token(CLEO).await, world.token(KIM).await);
        let body = || Some(json!({ "name": "Platform people" }));
        // Not theirs to know; not theirs to do.
        for (who, status) in [(&lena, 404), (&mia, 404), (&kim, 403), (&cleo, 403)] {
            assert_eq!(world.api(who, "POST", GROUPS, body()).await.status, status);
        }
        for (who, status) in [(&lena, 404), (&mia, 404), (&kim, 403), (&cleo, 200)] {
            assert_eq!(world.api(who, "GET", GROUPS, None).await.status, status);
        }
        let made = world.api(&ada, "POST", GROUPS, body()).await;
        let said = made.json();
        assert_eq!((made.status, said["slug"].as_str(), said["members"].as_i64()), (201, Some("platform-people"), Some(0)), "{said}");
        assert_eq!(code(&world.api(&ada, "POST", GROUPS, body()).await), (409, "slug_taken".into()));
        assert_eq!(code(&world.api(&ada, "POST", GROUPS, Some(json!({ "name": " " }))).await), (400, "bad_input".into()));
        let one = format!("{GROUPS}/platform-people");
        // Whoever manages access does too.
        let ben = world.person(BEN).await;
        let place = RolePlace::Organization(OrganizationRole::UserAccessAdmin);
        change_role(&world.app, &ben, "meridian", place, KIM, true, Expected::Any).await.unwrap();
        assert_eq!(world.api(&kim, "PUT", &format!("{one}/members/{MIA}"), None).await.status, 204);
        assert_eq!(world.api(&kim, "PUT", &format!("{one}/members/{MIA}"), None).await.status, 204, "twice is once");
        // Whom the organization does not know is invited; whether there is such an account is not told.
        for who in [LENA, "nobody@nowhere.example"] {
            let refused = world.api(&kim, "PUT", &format!("{one}/members/{who}"), None).await;
            assert_eq!(code(&refused), (409, "not_known_here".into()));
        }
        assert_eq!(members(&world, &cleo, &one).await, [MIA]);
        assert_eq!(world.change_if(&kim, "DELETE", &format!("{one}/members/{MIA}"), None, "").await.status, 428);
        assert_eq!(world.change_if(&kim, "DELETE", &format!("{one}/members/{MIA}"), None, "\"1\"").await.status, 412);
        assert_eq!(world.change(&kim, "DELETE", &format!("{one}/members/{HANA}"), None).await.status, 404);
        assert_eq!(world.change(&kim, "DELETE", &format!("{one}/members/{MIA}"), None).await.status, 204);
        let etag = world.api(&kim, "GET", &one, None).await.etag;
        let renamed = world.change_if(&kim, "PATCH", &one, Some(json!({ "name": "Everybody" })), &etag).await;
        assert_eq!((renamed.status, renamed.json()["name"].as_str()), (200, Some("Everybody")));
        assert_eq!(world.change_if(&kim, "DELETE", &one, None, "*").await.status, 204);
        assert_eq!(world.api(&kim, "GET", &one, None).await.status, 404);
        world.events().await;
        let told = world.api(&ada, "GET", "/organizations/meridian/events?limit=20", None).await.text;
        for words in ["made the group platform-people of the directory", "added Mia Rossi to platform-people of the directory", "took Mia Rossi out of platform-people"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        world.check_invariants().await;
    }

    async fn whoever_is_invited_decides(world) {
        let world = linked(world).await;
        let (ada, lena) = (world.token(ADA).await, world.token(LENA).await);
        world.api(&ada, "POST", GROUPS, Some(json!({ "name": "Guests" }))).await;
        let one = format!("{GROUPS}/guests");
        let sent = world.api(&ada, "POST", &format!("{one}/invitations"), Some(json!({ "emails": [LENA, MIA] }))).await;
        let said = sent.json();
        assert_eq!(sent.status, 201, "{said}");
        assert_eq!(members(&world, &ada, &one).await, [MIA], "whom the organization knows is added at once");
        let id = said["items"].as_array().unwrap().iter().find_map(|i| i["id"].as_str()).unwrap().to_owned();
        let accepted = world.api(&lena, "POST", &format!("/invitations/{id}/accept"), Some(json!({}))).await;
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        assert_eq!(members(&world, &ada, &one).await, [LENA, MIA]);
        // What is pending for a group ends with it.
        let sent = world.api(&ada, "POST", &format!("{one}/invitations"), Some(json!({ "emails": ["new@elsewhere.example"] }))).await;
        let id = sent.json()["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(world.change(&ada, "DELETE", &one, None).await.status, 204);
        assert_eq!(world.api(&ada, "GET", &format!("/invitations/{id}"), None).await.json()["state"], "withdrawn");
        world.check_invariants().await;
    }

    async fn from_the_command_line(world) {
        let world = linked(world).await;
        let go = |arguments: &[&str]| command(&world, &[&["directory", "group"][..], arguments, &["--organization", "meridian", "--as", ADA, "--json"]].concat());
        assert_eq!(go(&["create", "Platform people"]).1["slug"], "platform-people");
        assert_eq!(go(&["add-member", "platform-people", MIA, HANA]).0, 0);
        assert_eq!(go(&["members", "platform-people"]).1["items"].as_array().unwrap().len(), 2);
        assert_eq!(go(&["remove-member", "platform-people", HANA]).0, 0);
        assert_eq!(go(&["list"]).1["items"][0]["members"], 1);
        assert_eq!(go(&["rename", "platform-people", "Everybody"]).1["name"], "Everybody");
        assert_eq!(go(&["invite", "platform-people", LENA]).1["items"][0]["email"], LENA);
        assert_eq!(go(&["show", "platform-people"]).1["attached"], 0);
        let (code, refused, _) = go(&["attach", "platform-people", "--workspace", "atlas-platform"]);
        assert_eq!((code, refused["code"].as_str()), (3, Some("users_not_migrated")));
        assert_eq!(go(&["delete", "platform-people", "--yes"]).0, 0);
    }
}
