//! Nobody answers: whoever invited or asked hears once, and nothing more than they know.

use orglink_app::access_request::{Ask, ask_for_access};
use orglink_app::invitation::InviteTo;
use orglink_app::upkeep;
use orglink_domain::access_request::AskedKind;
use orglink_domain::event::EventType;
use orglink_testkit::both;

use super::{BEN, DAY, count, group, invite};
use crate::notify::{inbox, subjects};

const NOOR: &str = "noor@meridian.example";

both! {
    async fn whoever_invited_hears_once_however_many_it_was(world) {
        let world = world.with_company().await;
        for email in ["a@else.example", "b@else.example", "c@else.example"] {
            invite(&world, NOOR, group(), email).await.unwrap();
        }
        let other = InviteTo::UserGroup("night-shift", "developers");
        invite(&world, NOOR, other, "d@else.example").await.unwrap();
        world.clock.advance(14 * DAY + 1);
        for _ in 0..2 {
            upkeep::forget(&world.app).await.unwrap();
            world.tell().await;
        }
        assert_eq!(count(&world, EventType::InvitationExpired).await, 4);
        let told = inbox(&world, NOOR).await;
        let mut said: Vec<_> = told.iter().filter(|e| e.template == "invitation_expired").map(|e| e.subject.as_str()).collect();
        said.sort_unstable();
        assert_eq!(said, ["3 of your invitations to Night Shift have expired", "Your invitation of d@else.example to Night Shift has expired"]);
        let three = told.iter().find(|e| e.subject.starts_with('3')).unwrap();
        assert!(three.paragraphs[0].contains("a@else.example, b@else.example, c@else.example"), "{:?}", three.paragraphs);
        assert_eq!(three.action.1, "/workspaces/night-shift/user-groups/administrators");
        world.check_invariants().await;
    }

    async fn whoever_asked_hears_alike_of_a_place_that_is_there_and_of_one_that_is_not(world) {
        let world = world.with_company().await;
        let ben = world.person(BEN).await;
        for named in ["harbor-ops", "nothing-there"] {
            let ask = Ask { kind: AskedKind::Workspace, named: named.to_owned(), message: None, return_to: None };
            ask_for_access(&world.app, &ben, &ask, None).await.unwrap();
        }
        world.clock.advance(30 * DAY + 1);
        upkeep::forget(&world.app).await.unwrap();
        let mut said = subjects(&world, BEN).await;
        said.sort_unstable();
        assert_eq!(said, ["Your request to be workspace admin of harbor-ops has expired", "Your request to be workspace admin of nothing-there has expired"]);
        let told = inbox(&world, BEN).await;
        let shape = |e: &orglink_app::inbox::Entry, name: &str| format!("{:?}", (&e.subject, &e.paragraphs, &e.facts, &e.action)).replace(name, "NAME");
        let of = |name: &str| shape(told.iter().find(|e| e.subject.contains(name)).unwrap(), name);
        assert_eq!(of("harbor-ops"), of("nothing-there"));
        world.check_invariants().await;
    }
}
