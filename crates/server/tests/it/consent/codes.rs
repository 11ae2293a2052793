//! Link codes: what one side hands to a stranger, who then proposes, once.

use orglink_app::Principal;
use orglink_app::account::suspend_account;
use orglink_app::consent::{PairNamed, ProposeRequest, make_link_code, preview, propose, withdraw_link_codes};
use orglink_domain::consent::Side;
use orglink_domain::link::Act;
use orglink_testkit::both;

use super::{ADA, BEN, DAY, GUS, HANA, IVO, LENA, O, W, agree, code, is_linked, two_sided, wanted};

both! {
    async fn a_link_code_lets_a_stranger_propose_once(world) {
        let world = two_sided(world).await;
        let (hana, gus, lena) = (world.person(HANA).await, world.person(GUS).await, world.person(LENA).await);
        assert_eq!(code(make_link_code(&world.app, &world.person(IVO).await, Side::Workspace, W).await.map(|_| ())), "not_allowed");
        let made = make_link_code(&world.app, &hana, Side::Workspace, W).await.unwrap();
        assert!(made.url.starts_with("http://orglink.test/link/code?code="));
        let by = |code: &str, organization: &str| ProposeRequest {
            pair: PairNamed { workspace: None, organization: Some(organization.to_owned()), code: Some(code.to_owned()) },
            ..wanted(W, O)
        };
        let secret = made.code.reveal();
        let (view, sides) = preview(&world.app, &gus, &by(secret, "solo").pair, Act::Link).await.unwrap();
        assert_eq!((view.workspace.slug.as_str(), sides.as_slice()), (W, [Side::Organization].as_slice()));
        assert!(view.workspace_admins.is_empty());
        let id = propose(&world.app, &gus, &by(secret, "solo"), None).await.unwrap().answer.id.to_string();
        for (who, organization) in [(&gus, "solo"), (&lena, "harbor")] {
            assert_eq!(code(propose(&world.app, who, &by(secret, organization), None).await), "link_code_invalid");
        }
        // Nothing is linked by the code alone.
        assert!(!is_linked(&world, W).await);
        assert_eq!(agree(&world, HANA, &id).await.unwrap().organization, "solo");

        // Withdrawn, unknown or expired: of no use.
        let made = make_link_code(&world.app, &lena, Side::Organization, "harbor").await.unwrap();
        let to_harbor = |code: &str| ProposeRequest {
            pair: PairNamed { workspace: Some("workshop".to_owned()), organization: None, code: Some(code.to_owned()) },
            ..wanted(W, O)
        };
        assert_eq!(withdraw_link_codes(&world.app, &lena, Side::Organization, "harbor").await.unwrap(), 1);
        assert_eq!(code(preview(&world.app, &gus, &to_harbor(made.code.reveal()).pair, Act::Link).await.map(|_| ())), "link_code_invalid");
        let made = make_link_code(&world.app, &lena, Side::Organization, "harbor").await.unwrap();
        world.clock.advance(7 * DAY);
        assert_eq!(code(preview(&world.app, &gus, &to_harbor(made.code.reveal()).pair, Act::Link).await.map(|_| ())), "link_code_invalid");
        assert_eq!(code(preview(&world.app, &gus, &to_harbor("nonsense").pair, Act::Link).await.map(|_| ())), "link_code_invalid");
    }

    async fn of_many_who_use_a_code_at_once_one_does(world) {
        let world = two_sided(world).await;
        let made = make_link_code(&world.app, &world.person(HANA).await, Side::Workspace, W).await.unwrap();
        let request = |organization: &str| ProposeRequest {
            pair: PairNamed {
                workspace: None,
                organization: Some(organization.to_owned()),
                code: Some(made.code.reveal().to_owned()),
            },
            ..wanted(W, O)
        };
        let (gus, lena, ben) = (world.person(GUS).await, world.person(LENA).await, world.person(BEN).await);
        let (solo, harbor, meridian) = (request("solo"), request("harbor"), request(O));
        let (a, b, c) = tokio::join!(
            propose(&world.app, &gus, &solo, None),
            propose(&world.app, &lena, &harbor, None),
            propose(&world.app, &ben, &meridian, None),
        );
        let made = [a.is_ok(), b.is_ok(), c.is_ok()];
        assert_eq!(made.iter().filter(|is_made| **is_made).count(), 1);
    }

    async fn a_code_of_somebody_who_is_no_admin_any_more_is_of_no_use(world) {
        let world = two_sided(world).await;
        let gus = world.person(GUS).await;
        let looked = async |code: &str| {
            let pair =
                PairNamed { workspace: None, organization: Some("solo".to_owned()), code: Some(code.to_owned()) };
            preview(&world.app, &gus, &pair, Act::Link).await.map(|_| ())
        };
        let made = make_link_code(&world.app, &world.person(HANA).await, Side::Workspace, W).await.unwrap();
        looked(made.code.reveal()).await.unwrap();
        suspend_account(&world.app, &Principal::local_operator(), HANA, "lost a laptop").await.unwrap();
        assert_eq!(code(looked(made.code.reveal()).await), "link_code_invalid", "suspended");

        let made = make_link_code(&world.app, &world.person(ADA).await, Side::Workspace, W).await.unwrap();
        looked(made.code.reveal()).await.unwrap();
        let token = world.token(ADA).await;
        let admins = format!("/workspaces/{W}/user-groups/administrators/members");
        assert_eq!(world.change(&token, "PUT", &format!("{admins}/{IVO}"), None).await.status, 204);
        let gone = world.change(&token, "DELETE", &format!("{admins}/{ADA}"), None).await;
        assert_eq!(gone.status, 204, "{}", gone.text);
        assert_eq!(code(looked(made.code.reveal()).await), "link_code_invalid", "demoted");
    }
}
