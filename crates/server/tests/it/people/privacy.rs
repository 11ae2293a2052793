//! Nobody is probed for an account, and no place for being there.

use orglink_app::access_request::{Ask, ask_for_access};
use orglink_app::invitation::{self, InviteTo, Invited, NewInvitations, create_invitations};
use orglink_domain::access_request::AskedKind;
use orglink_store::path::statements_of;
use orglink_testkit::both;

use super::{ADA, LENA, code, form, group};

both! {
    async fn known_and_unknown_addresses_take_the_same_path(world) {
        let world = world.with_company().await;
        let noor = world.person("noor@meridian.example").await;
        let mut paths = Vec::new();
        // Lena has an account, nobody has the other; neither is a member of the workspace.
        for email in [LENA, "nobody@harbor.example"] {
            let emails = vec![email.to_owned()];
            let (preview, look) = statements_of(invitation::preview_invitations(&world.app, &noor, &group(), &emails, false)).await;
            assert_eq!(preview.unwrap().rows[0].outcome, Invited::Invited);
            let new = NewInvitations { emails, hands_over: false };
            let (made, make) = statements_of(create_invitations(&world.app, &noor, &group(), &new, None)).await;
            assert_eq!(made.unwrap().answer[0].outcome, Invited::Invited);
            paths.push((look, make));
        }
        assert!(paths[0].1.len() > 8, "statements are counted: {:?}", paths[0].1);
        assert_eq!(paths[0], paths[1]);
        let ada = world.person(ADA).await;
        let mut paths = Vec::new();
        let role = InviteTo::Role("meridian", "organization/auditor".to_owned());
        for email in [LENA, "nobody@harbor.example"] {
            let new = NewInvitations { emails: vec![email.to_owned()], hands_over: false };
            let (made, make) = statements_of(create_invitations(&world.app, &ada, &role, &new, None)).await;
            assert_eq!(made.unwrap().answer[0].outcome, Invited::Invited);
            paths.push(make);
        }
        assert_eq!(paths[0], paths[1]);
        // Asking: of a place that is there, and of one that is not.
        let mia = world.person("mia@meridian.example").await;
        for kind in [AskedKind::Organization, AskedKind::Workspace] {
            let mut paths = Vec::new();
            for named in [if kind == AskedKind::Organization { "harbor" } else { "harbor-ops" }, "no-such-place"] {
                let ask = Ask { kind, named: named.to_owned(), message: None, return_to: None };
                let (asked, path) = statements_of(ask_for_access(&world.app, &mia, &ask, None)).await;
                asked.unwrap();
                paths.push(path);
            }
            assert!(paths[0].len() > 4);
            assert_eq!(paths[0], paths[1]);
        }
        // Twice over, the answer is the same too.
        for named in ["harbor", "no-such-place"] {
            let ask = Ask { kind: AskedKind::Organization, named: named.to_owned(), message: None, return_to: None };
            assert_eq!(code(&ask_for_access(&world.app, &mia, &ask, None).await.unwrap_err()), "request_open");
        }
        // The pages answer alike, byte for byte but for the name.
        let mut pages = Vec::new();
        for named in ["harbor", "no-such-pier"] {
            let answer = form(&world, Some("zoe@harbor.example"), "/ask", &format!("kind=organization&named={named}&message=")).await;
            pages.push((answer.status, answer.location.clone(), answer.text.clone()));
        }
        assert_eq!(pages[0], pages[1]);
    }
}
