//! Accepting: once, the stronger before the weaker, and handing over.

use std::collections::BTreeMap;
use std::sync::Arc;

use orglink_app::invitation::{
    self, InviteTo, Invited, NewInvitations, accept_invitation, create_invitations, withdraw_invitation,
};
use orglink_app::{Expected, organization, user_group};
use orglink_domain::event::EventType;
use orglink_domain::invitation::InvitationState;
use orglink_testkit::both;
use tokio::task::JoinSet;

use super::{ADA, BEN, LENA, NEW, code, count, group, groups_of, invite, state};

both! {
    async fn accepting_makes_one_membership_and_leads_to_the_wizard(world) {
        let world = world.with_company().await;
        let noor = "noor@meridian.example";
        let id = invite(&world, noor, group(), "Ben@Meridian.example").await.unwrap();
        let again = NewInvitations { emails: vec![BEN.to_owned()], hands_over: false };
        let made = create_invitations(&world.app, &world.person(noor).await, &group(), &again, None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::AlreadyInvited);
        let accepted = accept_invitation(&world.app, &world.person(BEN).await, &id).await.unwrap();
        assert_eq!(accepted.path, "/link?workspace=night-shift", "he is an organization admin: he can link it now");
        let made = create_invitations(&world.app, &world.person(noor).await, &group(), &again, None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::AlreadyThere);
        world.link(BEN, "night-shift", "meridian").await.unwrap();
        // A member already: at once, and the member hears it.
        let mia = invite(&world, noor, group(), "mia@meridian.example").await.unwrap();
        assert!(mia.is_empty());
        assert_eq!(groups_of(&world, "night-shift", "mia@meridian.example").await, ["administrators", "developers"]);
        let said = crate::notify::inbox(&world, "mia@meridian.example").await;
        assert!(said.iter().any(|e| e.subject.contains("workspace admin")), "{:?}", said.iter().map(|e| &e.subject).collect::<Vec<_>>());
        // The answer reaches whoever invited; the invitation reached the inbox before.
        let told = crate::notify::inbox(&world, noor).await;
        assert!(told.iter().any(|e| e.subject.contains("accepted your invitation")), "{:?}", told.iter().map(|e| &e.subject).collect::<Vec<_>>());
        let bens = crate::notify::inbox(&world, BEN).await;
        assert!(bens.iter().any(|e| e.subject.contains("invites you to Night Shift")));
        // The event's payload names no address.
        for event in world.events().await.iter().filter(|e| e.kind.as_str().starts_with("invitation.")) {
            assert!(!event.payload.as_ref().unwrap().to_string().contains('@'));
        }
        world.check_invariants().await;
    }

    async fn twenty_acceptances_at_once_give_one_membership(world) {
        let world = Arc::new(world.with_company().await);
        let id = invite(&world, "noor@meridian.example", group(), BEN).await.unwrap();
        let mut set = JoinSet::new();
        for i in 0..20 {
            let (world, id) = (Arc::clone(&world), id.clone());
            set.spawn(async move {
                if i == 10 {
                    let noor = world.person("noor@meridian.example").await;
                    return withdraw_invitation(&world.app, &noor, &id).await.map_or_else(|e| code(&e), |_| "withdrawn");
                }
                let ben = world.person(BEN).await;
                accept_invitation(&world.app, &ben, &id).await.map_or_else(|e| code(&e), |_| "accepted")
            });
        }
        let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in set.join_all().await {
            *outcomes.entry(outcome).or_default() += 1;
        }
        assert_eq!(outcomes["invitation_not_pending"], 19, "{outcomes:?}");
        let accepted = outcomes.get("accepted").copied().unwrap_or_default();
        assert_eq!(accepted + outcomes.get("withdrawn").copied().unwrap_or_default(), 1);
        assert_eq!(count(&world, EventType::InvitationAccepted).await, accepted);
        let added = |e: &orglink_domain::event::Event| e.payload.as_ref().is_some_and(|p| p.to_string().contains("member_added"));
        assert_eq!(world.events().await.iter().filter(|e| e.kind == EventType::WorkspaceChanged && added(e)).count(), accepted);
        world.check_invariants().await;
    }

    async fn the_stronger_invitation_settles_the_weaker_and_what_is_gone_ends_them(world) {
        let world = world.with_company().await;
        let noor = world.person("noor@meridian.example").await;
        let weak = invite(&world, "noor@meridian.example", InviteTo::UserGroup("night-shift", "developers"), LENA).await.unwrap();
        let strong = invite(&world, "noor@meridian.example", group(), LENA).await.unwrap();
        let view = invitation::view_invitation(&world.app, &world.person(LENA).await, &strong).await.unwrap();
        assert_eq!(view.others.len(), 1, "told to the invited person");
        assert!(view.others[0].1, "and that it ends");
        let accepted = accept_invitation(&world.app, &world.person(LENA).await, &strong).await.unwrap();
        assert_eq!(accepted.settled.len(), 1);
        assert_eq!(state(&world, LENA, &weak).await, InvitationState::Withdrawn);
        // A group that is deleted takes its invitations along, and a site, a product, an organization.
        let id = invite(&world, "noor@meridian.example", InviteTo::UserGroup("night-shift", "developers"), NEW).await.unwrap();
        user_group::delete_group(&world.app, &noor, ("night-shift", "developers"), Expected::Any).await.unwrap();
        assert_eq!(state(&world, "noor@meridian.example", &id).await, InvitationState::Withdrawn);
        let app = invite(&world, ADA, InviteTo::Role("meridian", "app/meridian-hq/jira/app_admin".to_owned()), NEW).await.unwrap();
        let site = invite(&world, ADA, InviteTo::Role("meridian", "site/meridian-hq/site_admin".to_owned()), NEW).await.unwrap();
        let ada = world.person(ADA).await;
        orglink_app::site::change_product(&world.app, &ada, ("meridian", "meridian-hq"), "jira", false, Expected::Any).await.unwrap();
        assert_eq!((state(&world, ADA, &app).await, state(&world, ADA, &site).await), (InvitationState::Withdrawn, InvitationState::Pending));
        orglink_app::site::delete_site(&world.app, &ada, ("meridian", "meridian-hq"), Expected::Any).await.unwrap();
        assert_eq!(state(&world, ADA, &site).await, InvitationState::Withdrawn);
        let gus = invite(&world, "gus@solo.example", InviteTo::Role("solo", "organization/admin".to_owned()), LENA).await.unwrap();
        organization::delete_organization(&world.app, &world.person("gus@solo.example").await, "solo", Expected::Any).await.unwrap();
        assert!(accept_invitation(&world.app, &world.person(LENA).await, &gus).await.is_err());
        world.check_invariants().await;
    }

    async fn handing_over_needs_a_yes_and_moves_the_role_in_one_moment(world) {
        let world = world.with_company().await;
        let gus = world.person("gus@solo.example").await;
        let role = InviteTo::Role("solo", "organization/admin".to_owned());
        let hand = |emails: &[&str]| NewInvitations { emails: emails.iter().map(|e| (*e).to_owned()).collect(), hands_over: true };
        for (to, new) in [
            (role.clone(), hand(&[LENA, ADA])),
            (InviteTo::Role("solo", "organization/auditor".to_owned()), hand(&[LENA])),
            (role.clone(), hand(&["gus@solo.example"])),
        ] {
            assert_eq!(code(&create_invitations(&world.app, &gus, &to, &new, None).await.unwrap_err()), "cannot_hand_over");
        }
        let made = create_invitations(&world.app, &gus, &role, &hand(&[LENA]), None).await.unwrap().answer;
        let id = made[0].invitation.unwrap().to_string();
        let admins = |people: Vec<organization::Person>| people.into_iter().map(|p| p.account.email).collect::<Vec<_>>();
        assert_eq!(admins(organization::list_people(&world.app, &gus, "solo").await.unwrap()), ["gus@solo.example"]);
        let lena = world.person(LENA).await;
        accept_invitation(&world.app, &lena, &id).await.unwrap();
        assert_eq!(admins(organization::list_people(&world.app, &lena, "solo").await.unwrap()), [LENA]);
        // A member of a workspace must say yes too.
        let noor = world.person("noor@meridian.example").await;
        let made = create_invitations(&world.app, &noor, &group(), &hand(&["mia@meridian.example"]), None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::Invited);
        accept_invitation(&world.app, &world.person("mia@meridian.example").await, &made[0].invitation.unwrap().to_string()).await.unwrap();
        let mia = world.token("mia@meridian.example").await;
        let members = world.api(&mia, "GET", "/workspaces/night-shift/user-groups/administrators/members", None).await;
        assert!(members.text.contains("mia@") && !members.text.contains("noor@"), "{}", members.text);
        world.check_invariants().await;
    }
}
