//! A model beside the real thing, played at random: proposing, agreeing, withdrawing, declining, expiring, linking by hand, undoing,
//! sealing, roles and groups that change, and crashes between any two statements. Never two links, never a link without its
//! consents, never a consent used twice.

use std::collections::{BTreeMap, BTreeSet};
use std::task::Poll;

use orglink_app::consent::{self, ConsentRequest, PairNamed, ProposeRequest};
use orglink_app::link::{Acknowledge, UndoRequest, undo_link};
use orglink_app::{Error, Principal};
use orglink_domain::consent::Side;
use orglink_domain::event::EventType;
use orglink_domain::link::{self as domain, Consent};
use orglink_store::{account, link, organization, proposal, workspace};
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

const PEOPLE: [&str; 4] =
    ["ada@meridian.example", "hana@meridian.example", "ben@meridian.example", "pia@meridian.example"];
const W: &str = "atlas-platform";
const O: &str = "meridian";
const DAY: i64 = 24 * 60 * 60;
const WINDOW_DAYS: i64 = 5;
const LIFETIME_DAYS: i64 = 14;

/// Lives played on each database and under each rule, and how many things happen in each.
const LIVES: u64 = 4;
const STEPS: usize = 150;

/// What the plan covers and these lives change: two equal ones have the same digest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Covered {
    workspace_admins: BTreeSet<usize>,
    organization_admins: BTreeSet<usize>,
    developers_write: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Agreed {
    by: usize,
    in_person: bool,
    to: Covered,
    /// When, in microseconds: who was first, and whether it was done before a crash.
    at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Open {
    from: Side,
    given: BTreeMap<Side, Agreed>,
    until_day: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Model {
    rule: Consent,
    covered: Covered,
    open: Option<Open>,
    /// The day on which it was linked.
    linked: Option<i64>,
    day: i64,
    now: i64,
}

#[derive(Debug, Clone)]
enum Act {
    Propose { by: usize, in_person: bool, side: Option<Side> },
    Agree { by: usize, in_person: bool, side: Option<Side> },
    Withdraw(usize),
    Decline(usize),
    LinkAlone(usize),
    Undo(usize),
    Days(i64),
    Sweep,
    Workspace { admin: usize, is_admin: bool },
    Organization { admin: usize, is_admin: bool },
    Developers,
}

impl Model {
    fn sides(&self, who: usize) -> Vec<Side> {
        let c = &self.covered;
        [(Side::Workspace, &c.workspace_admins), (Side::Organization, &c.organization_admins)]
            .into_iter()
            .filter_map(|(side, admins)| admins.contains(&who).then_some(side))
            .collect()
    }

    fn is_entitled(&self, side: Side, who: usize) -> bool {
        self.sides(who).contains(&side)
    }

    /// Whether a side's consent counts for the plan as it is.
    fn counts(&self, open: &Open, side: Side) -> bool {
        let Some(mine) = open.given.get(&side) else { return false };
        mine.to == self.covered && !self.is_nobodys_second(open, side) && self.is_entitled(side, mine.by)
    }

    fn is_nobodys_second(&self, open: &Open, side: Side) -> bool {
        let (mine, other) =
            (&open.given[&side], if side == Side::Workspace { Side::Organization } else { Side::Workspace });
        let same = open.given.get(&other).is_some_and(|theirs| theirs.at < mine.at && theirs.by == mine.by);
        self.rule == Consent::TwoPeople && mine.to == self.covered && (!mine.in_person || same)
    }

    fn is_open(&self) -> bool {
        self.open.as_ref().is_some_and(|open| self.day < open.until_day)
    }

    /// Does it; whether it was allowed.
    fn act(&mut self, act: &Act) -> bool {
        let before = self.clone();
        let done = self.try_act(act);
        if !done {
            *self = before;
        }
        done
    }

    fn try_act(&mut self, act: &Act) -> bool {
        match *act {
            Act::Propose { by, in_person, side } => {
                let sides = self.sides(by);
                let side = match (side, sides.as_slice()) {
                    (Some(side), sides) if sides.contains(&side) => side,
                    (None, [side]) => *side,
                    (None, [side, _]) if self.rule == Consent::TwoPeople => *side,
                    _ => return false,
                };
                if self.linked.is_some() || self.is_open() {
                    return false;
                }
                let agreed = Agreed { by, in_person, to: self.covered.clone(), at: self.now };
                let until_day = self.day + LIFETIME_DAYS;
                self.open = Some(Open { from: side, given: [(side, agreed)].into(), until_day });
                true
            }
            Act::Agree { by, in_person, side } => {
                if !self.is_open() || self.linked.is_some() {
                    return false;
                }
                let (sides, mut open) = (self.sides(by), self.open.clone().expect("it is open"));
                let wanted = sides.iter().copied().find(|side| !self.counts(&open, *side));
                let side = match side {
                    Some(side) if sides.contains(&side) => side,
                    Some(_) => return false,
                    None => match wanted {
                        Some(side) => side,
                        None => return false,
                    },
                };
                open.given.insert(side, Agreed { by, in_person, to: self.covered.clone(), at: self.now });
                if self.is_nobodys_second(&open, side) {
                    return false;
                }
                if [Side::Workspace, Side::Organization].iter().all(|side| self.counts(&open, *side)) {
                    self.linked = Some(self.day);
                    self.open = None;
                } else {
                    self.open = Some(open);
                }
                true
            }
            Act::Withdraw(by) => self.end(|from, sides| sides.contains(&from), by),
            Act::Decline(by) => self.end(|from, sides| sides.iter().any(|side| *side != from), by),
            Act::LinkAlone(by) => {
                let may = self.sides(by).len() == 2 && self.rule == Consent::TwoSided && self.linked.is_none();
                if may {
                    self.linked = Some(self.day);
                }
                may
            }
            Act::Undo(by) => {
                let in_time = self.linked.is_some_and(|day| self.day < day + WINDOW_DAYS);
                if !in_time || self.sides(by).is_empty() {
                    return false;
                }
                self.linked = None;
                true
            }
            Act::Days(days) => {
                self.day += days;
                true
            }
            Act::Sweep => {
                if !self.is_open() || self.linked.is_some() {
                    self.open = None;
                }
                true
            }
            Act::Workspace { admin, is_admin } => change(&mut self.covered.workspace_admins, admin, is_admin),
            Act::Organization { admin, is_admin } => change(&mut self.covered.organization_admins, admin, is_admin),
            Act::Developers => {
                self.covered.developers_write = !self.covered.developers_write;
                true
            }
        }
    }

    fn end(&mut self, may: impl Fn(Side, &[Side]) -> bool, by: usize) -> bool {
        let sides = self.sides(by);
        let Some(open) = self.open.clone().filter(|_| self.is_open()) else { return false };
        if !may(open.from, &sides) {
            return false;
        }
        self.open = None;
        true
    }
}

/// The last one stays.
fn change(admins: &mut BTreeSet<usize>, who: usize, is_admin: bool) -> bool {
    if is_admin {
        admins.insert(who);
        return true;
    }
    admins.contains(&who) && admins.len() > 1 && admins.remove(&who)
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn side(&mut self) -> Option<Side> {
        [None, None, None, Some(Side::Workspace), Some(Side::Organization)][self.below(5)]
    }

    fn act(&mut self) -> Act {
        let (by, in_person) = (self.below(PEOPLE.len()), self.below(4) > 0);
        match self.below(20) {
            0..=4 => Act::Propose { by, in_person, side: self.side() },
            5..=10 => Act::Agree { by, in_person, side: self.side() },
            11 => Act::Withdraw(by),
            12 => Act::Decline(by),
            13 => Act::LinkAlone(by),
            14 => Act::Undo(by),
            15 => Act::Days([1, 1, 2, WINDOW_DAYS, LIFETIME_DAYS][self.below(5)]),
            16 => Act::Sweep,
            17 => Act::Workspace { admin: self.below(2), is_admin: self.below(2) == 0 },
            18 => Act::Organization { admin: [0, 2, 3][self.below(3)], is_admin: self.below(2) == 0 },
            _ => Act::Developers,
        }
    }
}

/// Lets a future go on for so many polls, then drops it, as a crash between two of its statements would.
fn crash_after<T>(polls: usize, future: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    let mut future = Box::pin(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
}

/// What can be seen from outside.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    is_linked: bool,
    /// Who has agreed for which side and in which second, of a proposal that is kept as open.
    given: Option<BTreeMap<Side, (usize, i64)>>,
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
    async fn open(&self) -> Option<orglink_domain::consent::Proposal> {
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let w = workspace::find_by_reference(&mut tx, W).await.unwrap().unwrap();
        let o = organization::find_by_reference(&mut tx, O).await.unwrap().unwrap();
        proposal::find_open(&mut tx, w.id, o.id).await.unwrap()
    }

    async fn look(&self) -> Seen {
        let open = self.open().await;
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let w = workspace::find_by_reference(&mut tx, W).await.unwrap().unwrap();
        let is_linked = link::find_active(&mut tx, w.id).await.unwrap().is_some();
        let given = match open {
            None => None,
            Some(open) => {
                let mut given = BTreeMap::new();
                for consent in proposal::list_given(&mut tx, open.id).await.unwrap() {
                    let found = account::find(&mut tx, consent.account).await.unwrap().unwrap();
                    let who = PEOPLE.iter().position(|p| *p == found.email).unwrap();
                    given.insert(consent.side, (who, second(consent.at.as_micros())));
                }
                Some(given)
            }
        };
        Seen { is_linked, given }
    }

    fn expected(model: &Model) -> Seen {
        let given =
            model.open.as_ref().map(|open| open.given.iter().map(|(side, a)| (*side, (a.by, second(a.at)))).collect());
        Seen { is_linked: model.linked.is_some(), given }
    }

    fn fail(&self, what: &str) -> ! {
        panic!("{what}\n{:#?}\nafter\n{}", self.model, self.told.join("\n"));
    }

    /// Does it for real.
    async fn act(&self, act: &Act) -> Result<(), Error> {
        let app = &self.world.app;
        let id = self
            .open()
            .await
            .map_or_else(|| "01890000-0000-7000-8000-000000000000".to_owned(), |open| open.id.to_string());
        match *act {
            Act::Propose { by, in_person, side } => {
                let pair = PairNamed { workspace: Some(W.into()), organization: Some(O.into()), code: None };
                let (plan_digest, acknowledge) = (None, Acknowledge::All);
                let request = ProposeRequest {
                    act: domain::Act::Link,
                    pair,
                    side,
                    plan_digest,
                    acknowledge,
                    message: None,
                    payer: None,
                };
                consent::propose(app, &self.person(by, in_person).await, &request, None).await.map(|_| ())
            }
            Act::Agree { by, in_person, side } => {
                let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side, reason: None };
                consent::consent(app, &self.person(by, in_person).await, &id, &request, None).await.map(|_| ())
            }
            Act::Withdraw(by) => consent::withdraw(app, &self.person(by, true).await, &id).await.map(|_| ()),
            Act::Decline(by) => consent::decline(app, &self.person(by, true).await, &id, "no").await.map(|_| ()),
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
        let act = dice.act();
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
                | Act::Withdraw(_)
                | Act::Decline(_)
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
                    if self.model.rule == Consent::TwoPeople {
                        assert_ne!(consents[0]["account"], consents[1]["account"]);
                        assert!(consents.iter().all(|c| c["through"] == json!("own")));
                    }
                }
                _ => {}
            }
        }
    }
}

async fn live(world: TestApp, rule: Consent, seed: u64) -> usize {
    let world = world.with_company().await.with_undo_window(WINDOW_DAYS * DAY).await.with_consent(rule, false).await;
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
    let model = Model { rule, covered, open: None, linked: None, day: 0, now: 0 };
    let (mut life, mut dice) = (Life { world, model, told: Vec::new() }, Dice(seed));
    for _ in 0..STEPS {
        Box::pin(life.happen(&mut dice)).await;
    }
    life.check().await;
    life.world.events().await.iter().filter(|e| e.kind == EventType::WorkspaceLinked).count()
}

both! {
    async fn consents_do_what_their_model_does(world) {
        let is_sqlite = matches!(world.database, orglink_testkit::TestDatabase::Sqlite(_));
        drop(world);
        let mut links = 0;
        for seed in 0..LIVES {
            for rule in [Consent::TwoSided, Consent::TwoPeople] {
                let world = if is_sqlite { TestApp::sqlite().await } else { TestApp::postgres().await.unwrap() };
                links += Box::pin(live(world, rule, seed * 7919 + 1)).await;
            }
        }
        // Lives in which nothing happens show nothing.
        assert!(links >= 8, "{links} links");
    }
}
