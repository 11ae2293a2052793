//! Random interleavings of people, time, runners and crashes, done to the program and to a small model of it ([`model`]): after
//! every step both must have come to the same.

mod model;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::{Act, By, Fate, Home, Model, People, Seen};
use orglink_app::campaign::{self, Side, StepRequest};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::organization::{RolePlace, change_role};
use orglink_app::{Error, Expected, Principal, installation, user_group};
use orglink_domain::campaign::{CampaignState, CampaignStep, Definition};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::OrganizationId;
use orglink_domain::role::OrganizationRole;
use orglink_store::{Tx, fault, link, organization, workspace};
use orglink_testkit::{Dice, TestApp, both, crash_after};
use serde_json::json;

const PEOPLE: usize = 5;
const WORKSPACES: usize = 8;
const ORGANIZATIONS: usize = 3;
const POSTPONEMENTS: usize = 2;
const UNDO_DAYS: i64 = 4;
const CLAIM_DAYS: i64 = 1;
const DAY: i64 = 24 * 60 * 60;
const NAME: &str = "model";
const OLGA: &str = "olga@operator.example";

/// Lives played on each database, and how many things happen in each.
const LIVES: u64 = 12;
const STEPS: usize = 120;

fn some_people(dice: &mut Dice) -> People {
    let mut people: People = (0..PEOPLE).filter(|_| dice.below(5) < 2).collect();
    if people.is_empty() {
        people.insert(dice.below(PEOPLE));
    }
    people
}

/// Mostly one of them, sometimes anybody.
fn one_of(dice: &mut Dice, people: &People) -> usize {
    if people.is_empty() || dice.below(6) == 0 {
        return dice.below(PEOPLE);
    }
    *people.iter().nth(dice.below(people.len())).unwrap()
}

fn email(person: usize) -> String {
    format!("p{person}@people.example")
}

struct Life {
    world: TestApp,
    model: Model,
    people: Vec<Principal>,
    olga: Principal,
    dice: Dice,
    linking_since: Option<Timestamp>,
    told: Vec<String>,
}

fn definition() -> Definition {
    serde_json::from_value(json!({
        "name": NAME,
        "title": "Link your workspace",
        "announce_on": "2026-01-06",
        "link_by": "2026-01-12",
        "automatic_from": "2026-01-13",
        "reminders": [3, 1],
        "automatic": { "minimum_notice": "0d", "undo_window": format!("{UNDO_DAYS}d"), "claim_notice": format!("{CLAIM_DAYS}d") },
        "waves": { "canary_percent": 20, "count": 2, "every": "1d", "error_budget": 0 },
        "postponement": { "budget": POSTPONEMENTS, "longest": "5d" },
    }))
    .unwrap()
}

impl Life {
    async fn begin(world: TestApp, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut records = String::new();
        let list = |people: &People| people.iter().map(|p| format!("\"{}\"", email(*p))).collect::<Vec<_>>().join(",");
        let everyone: People = (0..PEOPLE).collect();
        for p in &everyone {
            let _ = writeln!(records, r#"{{"type":"account","email":"{}","name":"P{p}"}}"#, email(*p));
        }
        let _ = writeln!(records, r#"{{"type":"account","email":"{OLGA}","name":"Olga"}}"#);
        let organizations: Vec<People> = (0..ORGANIZATIONS).map(|_| some_people(&mut dice)).collect();
        for (o, admins) in organizations.iter().enumerate() {
            let _ = writeln!(
                records,
                r#"{{"type":"organization","slug":"o{o}","name":"O{o}","verified_domains":["people.example"],"admins":[{}]}}"#,
                list(admins)
            );
            for p in &everyone {
                let _ = writeln!(
                    records,
                    r#"{{"type":"role","organization":"o{o}","account":"{}","role":"auditor"}}"#,
                    email(*p)
                );
            }
        }
        let mut workspaces = Vec::new();
        for w in 0..WORKSPACES {
            // Neighbours with the same admins are common.
            let admins = match workspaces.last() {
                Some((before, _)) if dice.below(3) == 0 => People::clone(before),
                _ => some_people(&mut dice),
            };
            let is_free = dice.below(6) == 0;
            let plan = if is_free { "free" } else { "standard" };
            let _ = writeln!(records, r#"{{"type":"workspace","slug":"w{w}","name":"W{w}","plan":"{plan}"}}"#);
            let _ = writeln!(
                records,
                r#"{{"type":"user_group","workspace":"w{w}","slug":"a","name":"A","is_admin":true,"members":[{}]}}"#,
                list(&admins)
            );
            let _ = writeln!(
                records,
                r#"{{"type":"user_group","workspace":"w{w}","slug":"all","name":"All","members":[{}]}}"#,
                list(&everyone)
            );
            workspaces.push((admins, is_free));
        }
        world.import(&records).await.unwrap();
        installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
        let olga = world.person(OLGA).await;
        campaign::create_campaign(&world.app, &olga, &definition(), None).await.unwrap();
        let mut people = Vec::new();
        for p in 0..PEOPLE {
            people.push(world.person(&email(p)).await);
        }
        let closes_at = "2026-01-13T00:00:00Z".parse().unwrap();
        let model = Model::new(&workspaces, &organizations, closes_at);
        let life = Self { world, model, people, olga, dice, linking_since: None, told: Vec::new() };
        life.step(CampaignStep::Announce).await.unwrap();
        life
    }

    async fn step(&self, step: CampaignStep) -> Result<(), Error> {
        let request = StepRequest { step, reason: None };
        campaign::step_campaign(&self.world.app, &self.olga, NAME, &request, Expected::Any).await.map(|_| ())
    }

    fn numbers(&self, ids: &[orglink_domain::id::AccountId]) -> People {
        let number = |id| self.people.iter().position(|p| p.account().unwrap().id == id).unwrap();
        ids.iter().map(|id| number(*id)).collect()
    }

    async fn home(&self, tx: &mut Tx, id: OrganizationId) -> (Home, Option<bool>) {
        let o = organization::find(tx, id).await.unwrap().unwrap();
        if let Some(made) = orglink_store::campaign::find_made_organization(tx, id).await.unwrap() {
            let admins = organization::list_admin_ids(tx, id).await.unwrap();
            return (Home::MadeFor(self.numbers(&admins)), Some(made.claimed_at.is_some()));
        }
        (Home::There(o.slug[1..].parse().unwrap()), None)
    }

    async fn look(&self) -> Seen {
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let tx = &mut tx;
        let (mut admins, mut homes, mut organizations, mut made) = (vec![], vec![], vec![], BTreeMap::new());
        let mut by_people: BTreeMap<People, OrganizationId> = BTreeMap::new();
        for w in 0..WORKSPACES {
            let w = workspace::find_by_reference(tx, &format!("w{w}")).await.unwrap().unwrap();
            admins.push(self.numbers(&workspace::list_admin_ids(tx, w.id).await.unwrap()));
            let Some(active) = link::find_active(tx, w.id).await.unwrap() else {
                homes.push(None);
                continue;
            };
            let (home, is_claimed) = self.home(tx, active.organization_id).await;
            if let (Home::MadeFor(people), Some(is_claimed)) = (&home, is_claimed) {
                made.insert(people.clone(), is_claimed);
                let one = by_people.entry(people.clone()).or_insert(active.organization_id);
                assert_eq!(*one, active.organization_id, "two organizations were made for {people:?}");
            }
            homes.push(Some((home, if active.origin.run().is_some() { By::Run } else { By::Hand })));
        }
        for o in 0..ORGANIZATIONS {
            let o = organization::find_by_reference(tx, &format!("o{o}")).await.unwrap().unwrap();
            organizations.push(self.numbers(&organization::list_admin_ids(tx, o.id).await.unwrap()));
        }
        Seen { admins, homes, organizations, made }
    }

    /// The slug of where somebody wants to go.
    async fn slug(&self, home: &Home) -> String {
        if let Home::There(o) = home {
            return format!("o{o}");
        }
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        for w in 0..WORKSPACES {
            let w = workspace::find_by_reference(&mut tx, &format!("w{w}")).await.unwrap().unwrap();
            let Some(active) = link::find_active(&mut tx, w.id).await.unwrap() else { continue };
            if self.home(&mut tx, active.organization_id).await.0 == *home {
                return active.organization_id.to_string();
            }
        }
        "nowhere".to_owned()
    }

    /// The real thing.
    async fn act(&self, act: &Act) -> Result<(), Error> {
        let (app, people) = (&self.world.app, &self.people);
        let w = |n: &usize| format!("w{n}");
        let o = |n: &usize| format!("o{n}");
        let admin = RolePlace::Organization(OrganizationRole::Admin);
        match act {
            Act::Link { by, workspace, to } => {
                let to = self.slug(to).await;
                self.world.link_as(&people[*by], &w(workspace), &to).await.map(|_| ())
            }
            Act::Promote { by, workspace, who } => {
                user_group::add_members(app, &people[*by], (&w(workspace), "a"), &[email(*who)]).await
            }
            Act::Demote { by, workspace, who } => {
                let place = (&*w(workspace), "a");
                user_group::remove_member(app, &people[*by], place, &email(*who), Expected::Any).await.map(|_| ())
            }
            Act::Give { by, organization, who } => {
                let to = email(*who);
                change_role(app, &people[*by], &o(organization), admin, &to, true, Expected::Any).await.map(|_| ())
            }
            Act::Take { by, organization, who } => {
                let from = email(*who);
                change_role(app, &people[*by], &o(organization), admin, &from, false, Expected::Any).await.map(|_| ())
            }
            Act::Prefer { by, workspace, organization } => {
                let (w, o) = (w(workspace), o(organization));
                campaign::prefer_organization(app, &people[*by], Side::Workspace, &w, &o).await
            }
            Act::Accept { by, workspace, organization } => {
                let (w, o) = (w(workspace), o(organization));
                campaign::prefer_organization(app, &people[*by], Side::Organization, &w, &o).await
            }
            Act::Postpone { by, workspace, until } => {
                // The day before the one at whose beginning it ends.
                let zone = orglink_domain::clock::Zone::named("UTC").unwrap();
                let day = orglink_domain::day::Day::at(until.plus_seconds(-1), &zone).unwrap();
                let wanted = campaign::NewPostponement { until: day, reason: "a move".to_owned() };
                campaign::postpone(app, &people[*by], &w(workspace), orglink_domain::campaign::Purpose::Link, &wanted)
                    .await
                    .map(|_| ())
            }
            Act::Undo { by, workspace } => {
                undo_link(app, &people[*by], &w(workspace), &UndoRequest::default()).await.map(|_| ())
            }
            Act::Claim { by, of } => {
                let slug = self.slug(&Home::MadeFor(of.clone())).await;
                campaign::claim_organization(app, &people[*by], &slug).await.map(|_| ())
            }
            Act::Pause => self.step(CampaignStep::Pause).await,
            Act::Resume => self.step(CampaignStep::Resume).await,
        }
    }

    /// Something that somebody may want to do now.
    fn choose(&mut self) -> Act {
        let seen = self.model.seen();
        let dice = &mut self.dice;
        let (workspace, organization, who) = (dice.below(WORKSPACES), dice.below(ORGANIZATIONS), dice.below(PEOPLE));
        let by = one_of(dice, &seen.admins[workspace]);
        let by_organization = one_of(dice, &seen.organizations[organization]);
        match dice.below(26) {
            0..=4 => {
                let made: Vec<&People> = seen.made.keys().collect();
                let to = match dice.below(4) {
                    0 if !made.is_empty() => Home::MadeFor(made[dice.below(made.len())].clone()),
                    _ => Home::There(organization),
                };
                let both: People = match &to {
                    Home::There(o) => seen.organizations[*o].intersection(&seen.admins[workspace]).copied().collect(),
                    Home::MadeFor(people) => people.intersection(&seen.admins[workspace]).copied().collect(),
                };
                Act::Link { by: one_of(dice, &both), workspace, to }
            }
            5..=7 => Act::Promote { by, workspace, who },
            8..=9 => Act::Demote { by, workspace, who: one_of(dice, &seen.admins[workspace]) },
            10..=11 => Act::Give { by: by_organization, organization, who },
            12..=13 => {
                let who = one_of(dice, &seen.organizations[organization]);
                Act::Take { by: by_organization, organization, who }
            }
            14..=15 => Act::Prefer { by, workspace, organization },
            16..=17 => Act::Accept { by: by_organization, workspace, organization },
            18..=19 => {
                let until: Timestamp = "2026-01-14T00:00:00Z".parse().unwrap();
                let days = i64::try_from(dice.below(4)).unwrap();
                Act::Postpone { by, workspace, until: until.plus_seconds(days * DAY) }
            }
            20..=21 => Act::Undo { by, workspace },
            22..=23 => match seen.made.keys().nth(dice.below(seen.made.len().max(1))) {
                Some(of) => Act::Claim { by: one_of(dice, of), of: of.clone() },
                None => Act::Undo { by, workspace },
            },
            24 => Act::Pause,
            _ => Act::Resume,
        }
    }

    /// What the runner did is taken over by the model, if it was right; then both are the same.
    async fn follow(&mut self, somebody_else: bool) {
        fault::wait_until_idle(&self.world.app.db).await;
        let now = self.world.app.now();
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let found = orglink_store::campaign::find_by_name(&mut tx, NAME).await.unwrap().unwrap();
        let is_decided = orglink_store::campaign::find_real_run(&mut tx, found.id).await.unwrap().is_some();
        drop(tx);
        if is_decided && !self.model.is_decided() {
            self.model.decide(now);
            self.compare_decisions().await;
        }
        if found.state == CampaignState::Linking {
            self.linking_since.get_or_insert(now);
        }
        let seen = self.look().await;
        if let Err(wrong) = self.model.follow(found.state, &seen, now, somebody_else) {
            self.fail(&wrong);
        }
        self.compare(&seen);
    }

    /// Every row of the table says what the model says.
    async fn compare_decisions(&self) {
        let page = campaign::list_decisions(&self.world.app, &self.olga, NAME, None, None, None, 1000).await.unwrap();
        for row in &page.rows {
            let w: usize = row.workspace[1..].parse().unwrap();
            let Some(fate) = self.model.fate_of(w) else { self.fail(&format!("w{w} was decided about")) };
            let is_same = match fate {
                Fate::Stays(why) => row.left_alone.is_some_and(|l| l.as_str() == *why),
                Fate::Goes(home, rule) => {
                    let slug = match home {
                        Home::There(o) => Some(format!("o{o}")),
                        Home::MadeFor(_) => None,
                    };
                    row.rule.is_some_and(|r| r.as_str() == *rule) && row.organization == slug
                }
            };
            if !is_same {
                self.fail(&format!("decided {row:?}, and the model {fate:?}"));
            }
        }
    }

    fn compare(&self, seen: &Seen) {
        let model = self.model.seen();
        if *seen != model {
            self.fail(&format!("seen {seen:#?}\n, and the model {model:#?}"));
        }
    }

    fn fail(&self, what: &str) -> ! {
        panic!("{what}\nafter:\n{}", self.told.join("\n"))
    }

    /// The campaign goes on until nothing is due, one step after the other.
    async fn settle(&mut self) {
        while campaign::advance_campaigns(&self.world.app).await.unwrap() {
            self.follow(false).await;
        }
        let now = self.world.app.now();
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (waits, was_faster, has_time) = self.model.waits(now);
        let is_overdue = self.linking_since.is_some_and(|since| since.plus_seconds(3 * DAY) < now);
        let expected = match self.model.state() {
            state @ (CampaignState::Paused | CampaignState::Done) => state,
            _ if now < at("2026-01-06T00:00:00Z") => CampaignState::Announced,
            _ if now < at("2026-01-13T00:00:00Z") => CampaignState::Open,
            _ if waits && !is_overdue || has_time => CampaignState::Linking,
            // Whoever linked by hand is passed over when their wave comes, and only then all is done.
            state if was_faster && !is_overdue => state,
            _ => CampaignState::Done,
        };
        if self.model.state() != expected {
            self.fail(&format!("it rests as {}, and should as {expected}", self.model.state()));
        }
    }

    /// One thing happens.
    async fn happen(&mut self) {
        let app = self.world.app.clone();
        let now = app.now();
        match self.dice.below(20) {
            0..=8 => {
                let act = self.choose();
                self.told.push(format!("{now} {act:?}"));
                let done = self.act(&act).await;
                self.told.push(format!("    {done:?}").chars().take(120).collect());
                let expected = self.model.act(&act, app.now());
                match &done {
                    Ok(()) | Err(Error::Refused(_) | Error::NotFound { .. } | Error::BadInput(_)) => {}
                    Err(e) => self.fail(&format!("not a clear refusal: {e}")),
                }
                if done.is_ok() != expected {
                    self.fail(&format!("{done:?}, and the model said {expected}"));
                }
                let seen = self.look().await;
                self.compare(&seen);
            }
            9..=10 => {
                let seconds = i64::try_from(3600 * (1 + self.dice.below(30)) + self.dice.below(3000)).unwrap();
                self.told.push(format!("{now} {seconds} seconds pass"));
                self.world.clock.advance(seconds);
                campaign::apply_due_claims(&app).await.unwrap();
                self.model.settle_claims(app.now());
            }
            11..=13 => {
                self.told.push(format!("{now} one step"));
                campaign::advance_campaigns(&app).await.unwrap();
                self.follow(false).await;
            }
            14 => {
                self.told.push(format!("{now} two runners"));
                let (a, b) = tokio::join!(campaign::advance_campaigns(&app), campaign::advance_campaigns(&app));
                assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
                self.follow(false).await;
            }
            15..=16 => {
                let polls = 1 + self.dice.below(90);
                self.told.push(format!("{now} the runner crashes after {polls}"));
                let _ = crash_after(polls, campaign::advance_campaigns(&app)).await;
                self.follow(false).await;
                // An attempt that was begun is left to whoever began it, for a moment.
                self.world.clock.advance(4);
            }
            17 => {
                let (act, polls) = (self.choose(), 1 + self.dice.below(40));
                self.told.push(format!("{now} crash after {polls} of {act:?}"));
                let _ = crash_after(polls, self.act(&act)).await;
                fault::wait_until_idle(&app.db).await;
                let (seen, state) = (self.look().await, self.state().await);
                let mut after = self.model.clone();
                // All of it, or nothing.
                if after.act(&act, app.now()) && after.seen() == seen && after.state() == state {
                    if self.model.seen() == seen && self.model.state() == state {
                        self.resolve(&act, after).await;
                    } else {
                        self.model = after;
                    }
                }
                self.compare(&seen);
            }
            18 if self.model.is_decided() && self.model.state() == CampaignState::Linking => {
                let act = self.choose();
                let Act::Link { workspace, ref to, .. } = act else { return };
                self.told.push(format!("{now} a runner beside {act:?}"));
                let (_, linked) = tokio::join!(campaign::advance_campaigns(&app), self.act(&act));
                let seen = self.look().await;
                let is_by_hand = seen.homes[workspace] == Some((to.clone(), By::Hand));
                if linked.is_ok() && !(is_by_hand && self.model.act(&act, app.now())) {
                    self.fail("linked by hand, and should not have been");
                }
                self.follow(true).await;
            }
            _ => {
                self.told.push(format!("{now} settle"));
                self.settle().await;
            }
        }
    }

    async fn state(&self) -> CampaignState {
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        orglink_store::campaign::find_by_name(&mut tx, NAME).await.unwrap().unwrap().state
    }

    /// A crashed act whose outcome cannot be told apart from outside by links and roles: its event tells.
    async fn resolve(&mut self, act: &Act, after: Model) {
        let mut tx = self.world.app.db.begin_read().await.unwrap();
        let happened = match act {
            Act::Prefer { workspace, organization, .. } | Act::Accept { workspace, organization, .. } => {
                let w = workspace::find_by_reference(&mut tx, &format!("w{workspace}")).await.unwrap().unwrap();
                let o = organization::find_by_reference(&mut tx, &format!("o{organization}")).await.unwrap().unwrap();
                let declared = orglink_store::campaign::list_preferences_of_workspace(&mut tx, w.id).await.unwrap();
                let yes = declared.iter().find(|p| p.organization_id == o.id).map(|p| {
                    let number = |id: Option<_>| id.map(|id| *self.numbers(&[id]).first().unwrap());
                    (number(p.workspace_yes_by), number(p.organization_yes_by))
                });
                yes == after.yes(*workspace, *organization)
            }
            Act::Postpone { workspace, until, .. } => {
                let of = orglink_store::campaign::find_by_name(&mut tx, NAME).await.unwrap().unwrap();
                let w = workspace::find_by_reference(&mut tx, &format!("w{workspace}")).await.unwrap().unwrap();
                let kept = orglink_store::campaign::find_postponement(&mut tx, of.id, w.id).await.unwrap();
                kept.is_some_and(|kept| kept.until == *until)
            }
            Act::Claim { of, .. } => {
                drop(tx);
                let slug = self.slug(&Home::MadeFor(of.clone())).await;
                let by = of.first().unwrap();
                let view = campaign::view_claim(&self.world.app, &self.people[*by], &slug).await.unwrap();
                view.is_none_or(|view| view.claimed_by.is_some())
            }
            // Done again, it changes nothing.
            _ => true,
        };
        if happened {
            self.model = after;
        }
    }
}

async fn live(world: TestApp, seed: u64) {
    let mut life = Life::begin(world, seed).await;
    for _ in 0..STEPS {
        Box::pin(life.happen()).await;
    }
    // Then everything comes to its end.
    if life.model.state() == CampaignState::Paused {
        life.act(&Act::Resume).await.unwrap();
        life.model.act(&Act::Resume, life.world.app.now());
    }
    for _ in 0..4 {
        life.world.clock.advance(10 * DAY + 1);
        life.settle().await;
    }
    if life.model.state() != CampaignState::Done {
        life.fail("it does not end");
    }
    life.world.check_invariants().await;
    life.world.tell().await;
    let mut tx = life.world.app.db.begin_read().await.unwrap();
    for what in ["notification", "mail"] {
        let alike = fault::count_alike(&mut tx, what).await.unwrap();
        let twice: Vec<_> = alike.iter().filter(|(_, count)| *count != 1).collect();
        if !twice.is_empty() {
            life.fail(&format!("{what}: told more than once: {twice:?}"));
        }
    }
}

both! {
    async fn a_campaign_does_what_its_model_does(world) {
        let is_sqlite = matches!(world.database, orglink_testkit::TestDatabase::Sqlite(_));
        drop(world);
        for seed in 0..LIVES {
            let world = if is_sqlite { TestApp::sqlite().await } else { TestApp::postgres().await.unwrap() };
            Box::pin(live(world, seed * 7919 + 1)).await;
        }
    }
}
