//! What proposals, links and moves do, as small as it can be said.

use std::collections::{BTreeMap, BTreeSet};

use orglink_domain::consent::Side;
use orglink_domain::link::Consent;

pub const WINDOW_DAYS: i64 = 5;
pub const LIFETIME_DAYS: i64 = 14;
/// Administers the organization that workspaces are moved to.
pub const ADMIN_THERE: usize = 0;

/// What the plan covers and these lives change: two equal ones have the same digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    pub workspace_admins: BTreeSet<usize>,
    pub organization_admins: BTreeSet<usize>,
    pub developers_write: bool,
}

/// What is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Link,
    /// From here to there.
    Move,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    pub by: usize,
    in_person: bool,
    /// What the plan said; of a move also which link.
    to: (Covered, Option<usize>),
    /// When, in microseconds: who was first, and whether it was done before a crash.
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    from: Side,
    pub given: BTreeMap<Side, Agreed>,
    until_day: i64,
}

/// Where it is linked since when, and the how manieth link that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    day: i64,
    pub is_there: bool,
    number: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub rule: Consent,
    pub covered: Covered,
    pub open: BTreeMap<What, Open>,
    pub linked: Option<Linked>,
    links: usize,
    day: i64,
    pub now: i64,
}

#[derive(Debug, Clone)]
pub enum Act {
    Propose { what: What, by: usize, in_person: bool, side: Option<Side> },
    Agree { what: What, by: usize, in_person: bool, side: Option<Side> },
    Withdraw(What, usize),
    Decline(What, usize),
    LinkAlone(usize),
    Undo(usize),
    Days(i64),
    Sweep,
    Workspace { admin: usize, is_admin: bool },
    Organization { admin: usize, is_admin: bool },
    Developers,
}

impl Model {
    pub fn new(rule: Consent, covered: Covered) -> Self {
        Self { rule, covered, open: BTreeMap::new(), linked: None, links: 0, day: 0, now: 0 }
    }

    fn is_entitled(&self, what: What, side: Side, who: usize) -> bool {
        let here = self.covered.organization_admins.contains(&who);
        match (what, side) {
            (_, Side::Workspace) => self.covered.workspace_admins.contains(&who),
            (What::Link, Side::Organization) | (What::Move, Side::Source) => here,
            (What::Move, Side::Organization) => who == ADMIN_THERE,
            _ => false,
        }
    }

    /// The sides that must agree.
    const fn asked(what: What) -> &'static [Side] {
        match what {
            What::Link => &[Side::Workspace, Side::Organization],
            What::Move => &[Side::Workspace, Side::Source, Side::Organization],
        }
    }

    fn sides(&self, what: What, who: usize) -> Vec<Side> {
        Self::asked(what).iter().copied().filter(|side| self.is_entitled(what, *side, who)).collect()
    }

    fn plan(&self, what: What) -> (Covered, Option<usize>) {
        let link = self.linked.filter(|_| what == What::Move).map(|linked| linked.number);
        (self.covered.clone(), link)
    }

    /// Whether a side's consent counts for the plan as it is.
    fn counts(&self, what: What, open: &Open, side: Side) -> bool {
        let Some(mine) = open.given.get(&side) else { return false };
        let is_as_it_is = mine.to == self.plan(what);
        is_as_it_is && !self.is_nobodys_second(what, open, side) && self.is_entitled(what, side, mine.by)
    }

    fn is_nobodys_second(&self, what: What, open: &Open, side: Side) -> bool {
        if self.rule != Consent::TwoPeople || open.given[&side].to != self.plan(what) {
            return false;
        }
        // The workspace's is another person than any organization's.
        let mine = &open.given[&side];
        let is_other = |other: &Side| (*other == Side::Workspace) != (side == Side::Workspace);
        let same = |theirs: &Agreed| theirs.at < mine.at && theirs.by == mine.by;
        !mine.in_person || open.given.iter().any(|(other, theirs)| is_other(other) && same(theirs))
    }

    fn is_open(&self, what: What) -> bool {
        self.open.get(&what).is_some_and(|open| self.day < open.until_day)
    }

    /// Whether it can be done now: what is linked is not linked again, and what is here can be moved.
    fn can_be_done(&self, what: What) -> bool {
        match what {
            What::Link => self.linked.is_none(),
            What::Move => self.linked.is_some_and(|linked| !linked.is_there),
        }
    }

    fn link(&mut self, is_there: bool) {
        self.links += 1;
        self.linked = Some(Linked { day: self.day, is_there, number: self.links });
    }

    /// Does it; whether it was allowed.
    pub fn act(&mut self, act: &Act) -> bool {
        let before = self.clone();
        let done = self.try_act(act);
        if !done {
            *self = before;
        }
        done
    }

    fn try_act(&mut self, act: &Act) -> bool {
        match *act {
            Act::Propose { what, by, in_person, side } => self.propose(what, by, in_person, side),
            Act::Agree { what, by, in_person, side } => self.agree(what, by, in_person, side),
            Act::Withdraw(what, by) => self.end(what, by, |from, side| side == from),
            Act::Decline(what, by) => self.end(what, by, |from, side| side != from),
            Act::LinkAlone(by) => {
                let may = self.sides(What::Link, by).len() == 2 && self.rule == Consent::TwoSided;
                if !may || self.linked.is_some() {
                    return false;
                }
                self.link(false);
                true
            }
            Act::Undo(by) => {
                let Some(linked) = self.linked else { return false };
                let there =
                    if linked.is_there { by == ADMIN_THERE } else { self.covered.organization_admins.contains(&by) };
                if self.day >= linked.day + WINDOW_DAYS || !(there || self.covered.workspace_admins.contains(&by)) {
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
                for what in [What::Link, What::Move] {
                    if !self.is_open(what) || !self.can_be_done(what) {
                        self.open.remove(&what);
                    }
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

    fn propose(&mut self, what: What, by: usize, in_person: bool, side: Option<Side>) -> bool {
        // Whoever administers only where it might go knows nothing of it.
        let mine = self.sides(what, by);
        let sides: Vec<Side> =
            mine.into_iter().filter(|side| what == What::Link || *side != Side::Organization).collect();
        let side = match (side, sides.as_slice()) {
            (Some(side), sides) if sides.contains(&side) => side,
            (None, [side]) => *side,
            (None, [side, _]) if what == What::Move || self.rule == Consent::TwoPeople => *side,
            _ => return false,
        };
        if !self.can_be_done(what) || self.is_open(what) {
            return false;
        }
        let agreed = Agreed { by, in_person, to: self.plan(what), at: self.now };
        let until_day = self.day + LIFETIME_DAYS;
        self.open.insert(what, Open { from: side, given: [(side, agreed)].into(), until_day });
        true
    }

    fn agree(&mut self, what: What, by: usize, in_person: bool, side: Option<Side>) -> bool {
        if !self.is_open(what) || !self.can_be_done(what) {
            return false;
        }
        let (sides, mut open) = (self.sides(what, by), self.open[&what].clone());
        let wanted = sides.iter().copied().find(|side| !self.counts(what, &open, *side));
        let side = match (side, wanted) {
            (Some(side), _) if sides.contains(&side) => side,
            (None, Some(side)) => side,
            _ => return false,
        };
        open.given.insert(side, Agreed { by, in_person, to: self.plan(what), at: self.now });
        if self.is_nobodys_second(what, &open, side) {
            return false;
        }
        if Self::asked(what).iter().all(|side| self.counts(what, &open, *side)) {
            self.link(what == What::Move);
            self.open.remove(&what);
        } else {
            self.open.insert(what, open);
        }
        true
    }

    fn end(&mut self, what: What, by: usize, may: impl Fn(Side, Side) -> bool) -> bool {
        let sides = self.sides(what, by);
        let Some(from) = self.open.get(&what).filter(|_| self.is_open(what)).map(|open| open.from) else {
            return false;
        };
        if !sides.into_iter().any(|side| may(from, side)) {
            return false;
        }
        self.open.remove(&what);
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
