//! Who gets a token for what, and what everybody else is told.

use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::{Error, Principal};
use orglink_domain::token::Scope;
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::{ADA, MIA, W, access, ask, basic, denial, parts, secret};

/// A linked workspace whose developers write, but only read one repository; Mia's token.
async fn linked(world: TestApp) -> (TestApp, String) {
    let world = world.with_company().await.with_undo_window(3600).await;
    world.link(ADA, W, "meridian").await.unwrap();
    let path = format!("/workspaces/{W}/repositories/gateway/groups/developers");
    let ada = world.token(ADA).await;
    let granted = world.change(&ada, "PUT", &path, Some(json!({ "permission": "read" }))).await;
    assert!(granted.status < 300, "{}", granted.text);
    let mia = secret(&world, MIA, &[Scope::Read, Scope::Write]).await;
    (world, mia)
}

both! {
    async fn without_a_name_and_a_token_nobody_gets_anything(world) {
        let (world, mia) = linked(world).await;
        let scope = &["repository:atlas-platform/tools:pull"][..];
        for scopes in [&[][..], scope] {
            let answer = ask(&world, None, scopes).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["code"].as_str()), (401, Some("UNAUTHORIZED")));
            assert!(answer.text.contains("personal access token"), "{}", answer.text);
        }
        // A wrong token, nobody's address, somebody else's address, what is no such header.
        let wrong = ask(&world, Some((MIA, "olk_wrong")), scope).await;
        assert_eq!((wrong.status, wrong.json()["errors"][0]["detail"]["code"].as_str()), (401, Some("wrong_credentials")));
        for (email, token) in [("nobody@else.example", mia.as_str()), (ADA, &mia), ("", ""), (MIA, "")] {
            let answer = ask(&world, Some((email, token)), scope).await;
            assert_eq!((answer.status, answer.said("", "")), (401, wrong.said("", "")), "{email}");
        }
        for header in ["Basic", "Basic !!!", "Basic bWlh", &format!("Bearer {mia}"), &basic(MIA, &mia).replace("Basic ", "Basic  x")] {
            let path = "/registry/token?service=registry.test%3A5000";
            assert_eq!(world.send("GET", path, &[("authorization", header)], "").await.status, 401, "{header}");
        }
        // Signing in without wanting anything yet: what `login` does.
        let answer = ask(&world, Some((MIA, &mia)), &[]).await;
        assert_eq!(access(&answer), Vec::<String>::new());
        world.check_invariants().await;
    }

    async fn a_token_says_who_may_do_what_and_for_how_long(world) {
        let (world, mia) = linked(world).await;
        let answer = ask(&world, Some(("Mia@Meridian.example", &mia)), &["repository:atlas-platform/tools/deep:pull,push"]).await;
        assert_eq!(access(&answer), ["atlas-platform/tools/deep:pull,push"]);
        let json = answer.json();
        assert_eq!((json["token"].as_str(), json["expires_in"].as_i64()), (json["access_token"].as_str(), Some(60)));
        let (header, claims) = parts(json["token"].as_str().unwrap());
        assert_eq!((&header["typ"], &header["alg"]), (&json!("JWT"), &json!("ES256")));
        assert_eq!(header["x5c"].as_array().unwrap().len(), 1);
        let account = world.person(MIA).await.account().unwrap().id;
        assert_eq!((&claims["iss"], &claims["aud"], &claims["sub"]), (&json!("http://orglink.test"), &json!("registry.test:5000"), &json!(account)));
        let seconds = |claim: &str| claims[claim].as_i64().unwrap();
        assert_eq!((seconds("exp") - seconds("iat"), seconds("nbf")), (60, seconds("iat")));
        assert_eq!(seconds("iat"), world.app.now().as_micros() / 1_000_000);
        let issued: orglink_domain::clock::Timestamp = json["issued_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(issued.as_micros() / 1_000_000, seconds("iat"));
        let again = ask(&world, Some((MIA, &mia)), &["repository:atlas-platform/tools:pull"]).await.json();
        assert_ne!(parts(again["token"].as_str().unwrap()).1["jti"], claims["jti"]);
        assert!(!answer.text.contains("mia@"), "registries log it: no address");
    }

    async fn what_counts_is_the_permission_on_the_repository_of_that_name(world) {
        let (world, mia) = linked(world).await;
        let asks = async |who: (&str, &str), scope: &str| ask(&world, Some(who), &[scope]).await;
        let mia = (MIA, mia.as_str());
        // No such repository: what the groups have everywhere.
        assert_eq!(access(&asks(mia, "repository:atlas-platform/tools:pull,push").await), ["atlas-platform/tools:pull,push"]);
        assert_eq!(access(&asks(mia, "repository:atlas-platform/ledger:push,pull").await), ["atlas-platform/ledger:pull,push"]);
        for image in ["gateway", "gateway/worker"] {
            let name = format!("{W}/{image}");
            assert_eq!(access(&asks(mia, &format!("repository:{name}:pull")).await), [format!("{name}:pull")]);
            // Asking for everything gets what there is; asking to push is refused with the reason.
            assert_eq!(access(&asks(mia, &format!("repository:{name}:*")).await), [format!("{name}:pull")]);
            let (message, codes) = denial(&asks(mia, &format!("repository:{name}:pull,push")).await);
            assert_eq!(codes, ["not_allowed"]);
            assert!(message.contains(&format!("To push {name} you need")) || message.contains("permission write on the repository gateway; you have read"), "{message}");
        }
        let (message, _) = denial(&asks(mia, "repository:atlas-platform/tools:delete").await);
        assert!(message.contains("permission admin") && message.contains("you have write"), "{message}");
        let ada = secret(&world, ADA, &[Scope::Read, Scope::Write]).await;
        assert_eq!(access(&asks((ADA, &ada), "repository:atlas-platform/gateway:*").await), ["atlas-platform/gateway:pull,push,delete"]);
        // An operator sees the workspace, and has nothing there.
        let operator = Principal::local_operator();
        orglink_app::installation::grant_operator(&world.app, &operator, "olga@operator.example").await.unwrap();
        let olga = secret(&world, "olga@operator.example", &[Scope::Read, Scope::Write, Scope::Operator]).await;
        let (message, _) = denial(&asks(("olga@operator.example", &olga), "repository:atlas-platform/tools:pull").await);
        assert!(message.contains("you have none"), "{message}");
        // What a token was not made for.
        let reads = secret(&world, MIA, &[Scope::Read]).await;
        assert_eq!(access(&asks((MIA, &reads), "repository:atlas-platform/tools:pull").await), ["atlas-platform/tools:pull"]);
        let (message, codes) = denial(&asks((MIA, &reads), "repository:atlas-platform/tools:pull,push").await);
        assert!(codes == ["scope_required"] && message.contains("'write'"), "{message}");
        let writes = secret(&world, MIA, &[Scope::Write]).await;
        let (message, _) = denial(&asks((MIA, &writes), "repository:atlas-platform/tools:pull,push").await);
        assert!(message.contains("'read'"), "{message}");
        world.check_invariants().await;
    }

    async fn what_one_may_not_see_looks_like_what_there_is_not(world) {
        let (world, mia) = linked(world).await;
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        let absent = ask(&world, Some((MIA, &mia)), &["repository:no-such-workspace/cranes:pull,push"]).await;
        for action in ["pull", "pull,push"] {
            let hidden = ask(&world, Some((MIA, &mia)), &[&format!("repository:harbor-ops/cranes:{action}")]).await;
            assert_eq!((hidden.status, hidden.said("harbor-ops", "W")), (absent.status, absent.said("no-such-workspace", "W")));
        }
        // Under its id an image would have a second name.
        let mut tx = world.app.db.begin_read().await.unwrap();
        let id = orglink_store::entitlement::find(&mut tx, W).await.unwrap().unwrap().workspace.to_string();
        drop(tx);
        let by_id = ask(&world, Some((MIA, &mia)), &[&format!("repository:{id}/tools:pull")]).await;
        assert_eq!((by_id.status, by_id.said(&id, "W")), (absent.status, absent.said("no-such-workspace", "W")));
        for odd in ["repository:atlas-platform:pull", "repository:Atlas-Platform/tools:pull", "repository:atlas-platform/../x:pull", "registry:catalog:*", "repository:atlas-platform/tools:fly"] {
            denial(&ask(&world, Some((MIA, &mia)), &[odd]).await);
        }
        for bad in ["repository", "repository:atlas-platform/tools", "::"] {
            assert_eq!(ask(&world, Some((MIA, &mia)), &[bad]).await.status, 400, "{bad}");
        }
        let many = vec!["repository:atlas-platform/tools:pull"; 21];
        assert_eq!(ask(&world, Some((MIA, &mia)), &many).await.status, 400);
        let elsewhere = world.send("GET", "/registry/token?service=another", &[("authorization", &basic(MIA, &mia))], "").await;
        assert!(elsewhere.status == 400 && elsewhere.text.contains("registry.test:5000"), "{}", elsewhere.text);
        assert_eq!(world.send("POST", "/registry/token", &[("authorization", &basic(MIA, &mia))], "").await.status, 405);
    }

    async fn of_several_scopes_a_push_decides_and_the_rest_may_be_less(world) {
        let (world, mia) = linked(world).await;
        let (ours, theirs) = ("repository:atlas-platform/tools:pull,push", "repository:harbor-ops/cranes:pull");
        // As clients ask that would mount layers of another image.
        for scopes in [&[ours, theirs][..], &[&format!("{ours} {theirs}")], &[theirs, ours]] {
            assert_eq!(access(&ask(&world, Some((MIA, &mia)), scopes).await), ["atlas-platform/tools:pull,push"]);
        }
        let both = ["repository:atlas-platform/tools:pull", "repository:atlas-platform/gateway:pull"];
        assert_eq!(access(&ask(&world, Some((MIA, &mia)), &both).await).len(), 2);
        let push = ["repository:atlas-platform/tools:pull", "repository:atlas-platform/gateway:pull,push"];
        let (message, _) = denial(&ask(&world, Some((MIA, &mia)), &push).await);
        assert!(message.contains("gateway"), "{message}");
        let none = ask(&world, Some((MIA, &mia)), &[theirs, "repository:no-such-workspace/x:pull"]).await;
        assert_eq!((none.status, none.json()["errors"].as_array().unwrap().len()), (401, 2));
    }

    async fn only_what_the_feature_s_conditions_allow_and_from_the_next_token_on(world) {
        let world = world.with_company().await.with_undo_window(3600).await;
        let mia = secret(&world, MIA, &[Scope::Read, Scope::Write]).await;
        let ask = async || ask(&world, Some((MIA, &mia)), &["repository:atlas-platform/tools:pull,push"]).await;
        let (message, codes) = denial(&ask().await);
        assert_eq!(codes, ["linked"]);
        assert!(message.contains("is not unlocked") && message.ends_with("See http://orglink.test/workspaces/atlas-platform/packages"), "{message}");
        world.link(ADA, W, "meridian").await.unwrap();
        assert_eq!(access(&ask().await), ["atlas-platform/tools:pull,push"]);

        let ada = world.token(ADA).await;
        let change = async |what| {
            let answer = world.change(&ada, "PATCH", "/workspaces/atlas-platform", Some(what)).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        };
        change(json!({ "billing_cycle": "annual" })).await;
        assert_eq!(denial(&ask().await).1, ["billing_cycle"]);
        change(json!({ "plan": "free" })).await;
        assert_eq!(denial(&ask().await).1, ["plan", "billing_cycle"]);
        change(json!({ "plan": "standard", "billing_cycle": "monthly" })).await;
        assert_eq!(access(&ask().await), ["atlas-platform/tools:pull,push"]);

        let request = UndoRequest { reason: None, ..UndoRequest::default() };
        undo_link(&world.app, &world.person(ADA).await, W, &request).await.unwrap();
        assert_eq!(denial(&ask().await).1, ["linked"]);
        // Who is out is out.
        world.link(ADA, W, "meridian").await.unwrap();
        let removed = world.change(&ada, "DELETE", "/workspaces/atlas-platform/members/mia@meridian.example", None).await;
        assert!(removed.status < 300, "{}", removed.text);
        let (message, _) = denial(&ask().await);
        assert!(message.contains("there is no workspace"), "{message}");
        world.check_invariants().await;
    }

    async fn guessing_is_slowed_down_and_an_old_token_is_no_guess(world) {
        let (world, mia) = linked(world).await;
        let asks = async |token: &str| ask(&world, Some((MIA, token)), &["repository:atlas-platform/tools:pull"]).await;
        for _ in 0..5 {
            assert_eq!(asks("olk_guess").await.status, 401);
        }
        for token in ["olk_guess", &mia] {
            let answer = asks(token).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["code"].as_str()), (429, Some("TOOMANYREQUESTS")), "{}", answer.text);
            assert!(answer.retry_after.parse::<u64>().unwrap() >= 1);
        }
        // Others are not concerned, nor is the page where one signs in.
        let ada = secret(&world, ADA, &[Scope::Read]).await;
        assert_eq!(ask(&world, Some((ADA, &ada)), &[]).await.status, 200);
        world.clock.advance(2);
        assert_eq!(asks(&mia).await.status, 200);
        for _ in 0..5 {
            assert_eq!(asks("olk_guess").await.status, 401, "their count began anew");
        }
        world.clock.advance(31 * 24 * 3600);
        for _ in 0..20 {
            let answer = asks(&mia).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["detail"]["code"].as_str()), (401, Some("token_expired")));
            assert!(answer.text.contains("/me/tokens"), "{}", answer.text);
        }
        assert_eq!(asks(&secret(&world, MIA, &[Scope::Read]).await).await.status, 200);
    }

    async fn the_name_of_a_deleted_workspace_does_not_give_its_images_to_the_next(world) {
        let (world, mia) = linked(world).await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let scope = "repository:docs-site/website:pull,push";
        assert_eq!(access(&ask(&world, Some((MIA, &mia)), &[scope]).await), ["docs-site/website:pull,push"]);
        let ada = world.token(ADA).await;
        let deleted = world.change(&ada, "DELETE", "/workspaces/docs-site", None).await;
        assert!(deleted.status < 300, "{}", deleted.text);
        world.import("{\"type\":\"workspace\",\"slug\":\"docs-site\",\"name\":\"Docs\",\"kind\":\"team\",\"plan\":\"standard\",\"billing_cycle\":\"monthly\",\"status\":\"active\"}\n{\"type\":\"user_group\",\"workspace\":\"docs-site\",\"slug\":\"administrators\",\"name\":\"Administrators\",\"is_admin\":true,\"repository_permission\":\"admin\",\"members\":[\"cleo@meridian.example\",\"ada@meridian.example\"]}").await.unwrap();
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let cleo = ("cleo@meridian.example", secret(&world, "cleo@meridian.example", &[Scope::Read, Scope::Write]).await);
        for action in ["pull", "pull,push"] {
            let answer = ask(&world, Some((cleo.0, &cleo.1)), &[&format!("repository:docs-site/website:{action}")]).await;
            let (message, _) = denial(&answer);
            assert!(message.contains("had this name before") && message.contains("release-name docs-site"), "{message}");
        }
        let operator = Principal::local_operator();
        assert!(matches!(orglink_app::registry::release_name(&world.app, &operator, "never").await, Err(Error::NotFound { .. })));
        orglink_app::registry::release_name(&world.app, &operator, "docs-site").await.unwrap();
        assert_eq!(access(&ask(&world, Some((cleo.0, &cleo.1)), &[scope]).await), ["docs-site/website:pull,push"]);
        world.check_invariants().await;
    }
}
