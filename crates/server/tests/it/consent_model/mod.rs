//! A model beside the real thing, played at random: proposing, agreeing, withdrawing, declining, expiring, linking by hand, undoing,
//! sealing, moving, roles and groups that change, and crashes between any two statements. Never two links, never a link without its
//! consents, never a consent used twice.

mod model;

use std::collections::{BTreeMap, BTreeSet};

use orglink_app::consent::{self, ConsentRequest, PairNamed, ProposeRequest};
use orglink_app::link::{Acknowledge, UndoRequest, undo_link};
use orglink_app::{Error, Principal};
use orglink_domain::consent::Side;
use orglink_domain::event::EventType;
use orglink_domain::link::{self as domain, Consent};
use orglink_store::{account, link, organization, proposal, workspace};
use orglink_testkit::{Dice, TestApp, both, crash_after};
use serde_json::{Value, json};

use self::model::{ADMIN_THERE, Act, Covered, LIFETIME_DAYS, Model, WINDOW_DAYS, What};

const PEOPLE: [&str; 4] =
    ["ada@meridian.example", "hana@meridian.example", "ben@meridian.example", "pia@meridian.example"];
const W: &str = "atlas-platform";
const O: &str = "meridian";
/// Where it may be moved to; its admin is Ada.
const THERE: &str = "meridian-labs";
const DAY: i64 = 24 * 60 * 60;

/// Lives played on each database and under each rule, and how many things happen in each.
const LIVES: u64 = 6;
const STEPS: usize = 150;

fn side(dice: &mut Dice) -> Option<Side> {
    [None, None, None, None, Some(Side::Workspace), Some(Side::Source), Some(Side::Organization)][dice.below(7)]
}

/// More often than not something that could be done.
fn act(dice: &mut Dice, is_linked: bool) -> Act {
    let (by, in_person) = (dice.below(PEOPLE.len()), dice.below(4) > 0);
    let (usual, unusual) = if is_linked { (What::Move, What::Link) } else { (What::Link, What::Move) };
    let what = if dice.below(4) == 0 { unusual } else { usual };
    match dice.below(32) {
        0..=5 => Act::Propose { what, by, in_person, side: side(dice) },
        6..=20 => Act::Agree { what, by, in_person, side: side(dice) },
        21 => Act::Withdraw(what, by),
        22 => Act::Decline(what, by),
        23 => Act::LinkAlone(by),
        24 => Act::Undo(by),
        25 | 26 => Act::Days([1, 1, 2, WINDOW_DAYS, LIFETIME_DAYS][dice.below(5)]),
        27 => Act::Sweep,
        28 => Act::Workspace { admin: dice.below(2), is_admin: dice.below(2) == 0 },
        29 | 30 => Act::Organization { admin: [0, 2, 3][dice.below(3)], is_admin: dice.below(3) > 0 },
        _ => Act::Developers,
    }
}

/// What can be seen from outside.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// Linked, and whether there.
    is_there: Option<bool>,
    /// Who has agreed for which side and in which second, of proposals that are kept as open.
    given: BTreeMap<What, BTreeMap<Side, (usize, i64)>>,
}

/// The clock goes on a little whenever somebody looks at it.
const fn second(micros: i64) -> i64 {
    micros / 1_000_000
}

struct Life {
    world: TestApp,
    model: Model,
    told: Vec<String>,
}

impl Life {
    async fn person(&self, who: usize, in_person: bool) -> Principal {
        if in_person {
            return self.world.person(PEOPLE[who]).await;
        }
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        Principal::on_behalf_of(&mut tx, PEOPLE[who]).await.unwrap()
    }

    /// The proposal that is kept as open, if there is one.
    async fn open(&self, what: What) -> Option<orglink_domain::consent::Proposal> {
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let w = workspace::find_by_reference(&mut tx, W).await.unwrap().unwrap();
        let slug = if what == What::Link { O } else { THERE };
        let o = organization::find_by_reference(&mut tx, slug).await.unwrap().unwrap();
        proposal::find_open(&mut tx, w.id, o.id).await.unwrap()
    }

    /// Its id; that of nothing when there is none.
    async fn id(&self, what: What) -> String {
        let open = self.open(what).await;
        open.map_or_else(|| "01890000-0000-7000-8000-000000000000".to_owned(), |open| open.id.to_string())
    }

    async fn look(&self) -> Seen {
        let mut given = BTreeMap::new();
        for what in [What::Link, What::Move] {
            let Some(open) = self.open(what).await else { continue };
            let mut tx = self.world.app.db.begin_read().await.unwrap();
            let mut of = BTreeMap::new();
            for consent in proposal::list_given(&mut tx, open.id).await.unwrap() {
                let found = account::find(&mut tx, consent.account).await.unwrap().unwrap();
                let who = PEOPLE.iter().position(|p| *p == found.email).unwrap();
                of.insert(consent.side, (who, second(consent.at.as_micros())));
            }
            given.insert(what, of);
        }
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let w = workspace::find_by_reference(&mut tx, W).await.unwrap().unwrap();
        let there = organization::find_by_reference(&mut tx, THERE).await.unwrap().unwrap();
        let active = link::find_active(&mut tx, w.id).await.unwrap();
        Seen { is_there: active.map(|active| active.organization_id == there.id), given }
    }

    fn expected(model: &Model) -> Seen {
        let of = |open: &model::Open| open.given.iter().map(|(side, a)| (*side, (a.by, second(a.at)))).collect();
        let given = model.open.iter().map(|(what, open)| (*what, of(open))).collect();
        Seen { is_there: model.linked.map(|linked| linked.is_there), given }
    }

    fn fail(&self, what: &str) -> ! {
        panic!("{what}\n{:#?}\nafter\n{}", self.model, self.told.join("\n"));
    }

    /// Does it for real.
    async fn act(&self, act: &Act) -> Result<(), Error> {
        let app = &self.world.app;
        match *act {
            Act::Propose { what, by, in_person, side } => {
                let (workspace, mut organization, mut code) = (Some(W.to_owned()), Some(O.to_owned()), None);
                if what == What::Move {
                    // Whoever does not administer it knows of it by a code.
                    let there = self.person(ADMIN_THERE, true).await;
                    let made = consent::make_link_code(app, &there, Side::Organization, THERE).await?;
                    (organization, code) = (None, Some(made.code.reveal().to_owned()));
                }
                let request = ProposeRequest {
                    act: if what == What::Move { domain::Act::Transfer } else { domain::Act::Link },
                    pair: PairNamed { workspace, organization, code },
                    side,
                    plan_digest: None,
                    acknowledge: Acknowledge::All,
                    message: None,
                    payer: None,
                };
                consent::propose(app, &self.person(by, in_person).await, &request, None).await.map(|_| ())
            }
            Act::Agree { what, by, in_person, side } => {
                let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side, reason: None };
                let (who, id) = (self.person(by, in_person).await, self.id(what).await);
                consent::consent(app, &who, &id, &request, None).await.map(|_| ())
            }
            Act::Withdraw(what, by) => {
                let (who, id) = (self.person(by, true).await, self.id(what).await);
                consent::withdraw(app, &who, &id).await.map(|_| ())
            }
            Act::Decline(what, by) => {
                let (who, id) = (self.person(by, true).await, self.id(what).await);
                consent::decline(app, &who, &id, "no").await.map(|_| ())
            }
            Act::LinkAlone(by) => self.world.link(PEOPLE[by], W, O).await.map(|_| ()),
            Act::Undo(by) => undo_link(app, &self.person(by, true).await, W, &UndoRequest::default()).await.map(|_| ()),
            Act::Days(days) => {
                self.world.clock.advance(days * DAY);
                Ok(())
            }
            Act::Sweep => consent::expire_due(app).await.map(|_| ()),
            Act::Workspace { admin, is_admin } => {
                let path = format!("/workspaces/{W}/user-groups/administrators/members/{}", PEOPLE[admin]);
                self.change(&self.model.covered.workspace_admins, is_admin, &path).await
            }
            Act::Organization { admin, is_admin } => {
                let path = format!("/organizations/{O}/roles/admin/{}", PEOPLE[admin]);
                self.change(&self.model.covered.organization_admins, is_admin, &path).await
            }
            Act::Developers => {
                let permission = if self.model.covered.developers_write { "read" } else { "write" };
                let by = self.model.covered.workspace_admins.first().unwrap();
                let body = json!({ "repository_permission": permission });
                let path = format!("/workspaces/{W}/user-groups/developers");
                let token = self.world.token(PEOPLE[*by]).await;
                let answer = self.world.change(&token, "PATCH", &path, Some(body)).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                Ok(())
            }
        }
    }

    async fn change(&self, admins: &BTreeSet<usize>, is_admin: bool, path: &str) -> Result<(), Error> {
        let (method, by) = (if is_admin { "PUT" } else { "DELETE" }, admins.first().unwrap());
        let token = self.world.token(PEOPLE[*by]).await;
        let answer = self.world.change(&token, method, path, None).await;
        if answer.status < 300 { Ok(()) } else { Err(Error::refused("no", "No", answer.text)) }
    }

    async fn happen(&mut self, dice: &mut Dice) {
        let act = act(dice, self.model.linked.is_some());
        // No two things happen at the same moment.
        self.world.clock.advance(1);
        self.model.now = self.world.app.now().as_micros();
        let before = self.model.clone();
        let mut after = before.clone();
        let allowed = after.act(&act);
        let can_crash = matches!(
            act,
            Act::Propose { .. }
                | Act::Agree { .. }
                | Act::Withdraw(..)
                | Act::Decline(..)
                | Act::LinkAlone(_)
                | Act::Undo(_)
                | Act::Sweep
        );
        if can_crash && dice.below(4) == 0 {
            let polls = dice.below(60);
            self.told.push(format!("{act:?}, crashed after {polls} polls"));
            let done = crash_after(polls, self.act(&act)).await;
            // Done before it crashed, or not at all.
            let seen = self.settled().await;
            if seen == Self::expected(&after) && (done.is_none() || allowed) && (allowed || before == after) {
                self.model = after;
            } else if seen != Self::expected(&before) {
                self.fail(&format!("half done: {seen:?}"));
            }
            return;
        }
        self.told.push(format!("{act:?}"));
        match (self.act(&act).await, allowed) {
            (Ok(()), true) | (Err(Error::Refused(_) | Error::NotFound { .. } | Error::BadInput(_)), false) => {}
            (Ok(()), false) => self.fail("done, and should not have been"),
            (Err(e), _) => self.fail(&format!("not done: {e}")),
        }
        // A proposal that nobody has swept away yet is kept as open; proposing again ends it.
        self.model = after;
        let seen = self.look().await;
        if seen != Self::expected(&self.model) {
            self.fail(&format!("{seen:?}"));
        }
    }

    /// What is there once a transaction that was dropped is rolled back.
    async fn settled(&self) -> Seen {
        tokio::task::yield_now().await;
        self.look().await
    }

    /// Every link has its consents, and each was used once.
    async fn check(&self) {
        self.world.check_invariants().await;
        let (mut agreed, mut used): (Vec<(Value, Value, Value)>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
        for event in self.world.events().await {
            let Some(payload) = &event.payload else { continue };
            match event.kind {
                EventType::ProposalCreated | EventType::ProposalConsented => {
                    agreed.push((payload["proposal"].clone(), payload["side"].clone(), payload["plan_digest"].clone()));
                }
                EventType::WorkspaceLinked => {
                    let consents = payload["consents"].as_array().unwrap();
                    let Some(id) = payload.get("proposal").map(|p| p["id"].clone()) else {
                        assert_eq!(self.model.rule, Consent::TwoSided, "nobody links alone");
                        assert_eq!(consents[0]["side"], json!("both"));
                        continue;
                    };
                    assert!(used.insert(id.to_string()), "a proposal was used twice");
                    let sides: Vec<&Value> = consents.iter().map(|c| &c["side"]).collect();
                    assert!(
                        sides.contains(&&json!("workspace")) && sides.contains(&&json!("organization")),
                        "{sides:?}"
                    );
                    for consent in consents {
                        assert_eq!(consent["plan_digest"], payload["plan_digest"], "of another plan");
                        let given = (id.clone(), consent["side"].clone(), consent["plan_digest"].clone());
                        assert!(agreed.contains(&given), "nobody agreed: {given:?}");
                    }
                    assert_eq!(payload.get("moved_from").is_some(), sides.contains(&&json!("source")), "{sides:?}");
                    if self.model.rule == Consent::TwoPeople {
                        let of = |side: &str| consents.iter().find(|c| c["side"] == side).map(|c| &c["account"]);
                        assert!(of("workspace") != of("organization") && of("workspace") != of("source"));
                        assert!(consents.iter().all(|c| c["through"] == json!("own")));
                    }
                }
                _ => {}
            }
        }
    }
}

/// How many links were made, and how many of them by a move.
async fn live(world: TestApp, rule: Consent, seed: u64) -> (usize, usize) {
    let world = world.with_company().await.with_undo_window(WINDOW_DAYS * DAY).await.with_consent(rule, false).await;
    let world = world.with_transfer(true).await;
    let token = world.token(PEOPLE[0]).await;
    // Omar steps aside: the organization's admins are three of ours.
    let gone =
        world.change(&token, "DELETE", &format!("/organizations/{O}/roles/admin/omar@meridian.example"), None).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    // Whoever is no admin any more stays a member, and can become one again.
    for who in &PEOPLE[..2] {
        let path = format!("/workspaces/{W}/user-groups/developers/members/{who}");
        assert_eq!(world.change(&token, "PUT", &path, None).await.status, 204);
    }
    let covered =
        Covered { workspace_admins: [0, 1].into(), organization_admins: [0, 2, 3].into(), developers_write: true };
    let model = Model::new(rule, covered);
    let (mut life, mut dice) = (Life { world, model, told: Vec::new() }, Dice(seed));
    for _ in 0..STEPS {
        Box::pin(life.happen(&mut dice)).await;
    }
    life.check().await;
    let events = life.world.events().await;
    let links = events.iter().filter(|e| e.kind == EventType::WorkspaceLinked);
    let is_move = |e: &&orglink_domain::event::Event| e.payload.as_ref().is_some_and(|p| p.get("moved_from").is_some());
    (links.clone().count(), links.filter(is_move).count())
}

both! {
    async fn consents_do_what_their_model_does(world) {
        let is_sqlite = matches!(world.database, orglink_testkit::TestDatabase::Sqlite(_));
        drop(world);
        let (mut links, mut moves) = (0, 0);
        for seed in 0..LIVES {
            for rule in [Consent::TwoSided, Consent::TwoPeople] {
                let world = if is_sqlite { TestApp::sqlite().await } else { TestApp::postgres().await.unwrap() };
                let (linked, moved) = Box::pin(live(world, rule, seed * 7919 + 1)).await;
                (links, moves) = (links + linked, moves + moved);
            }
        }
        // Lives in which nothing happens show nothing.
        assert!(links >= 8 && moves >= 1, "{links} links, {moves} of them moves");
    }
}
