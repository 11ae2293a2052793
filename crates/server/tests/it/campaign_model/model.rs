//! What must come of a campaign, said once more and as plainly as possible: no database, no versions, no batches. The test
//! beside it does the same things to this and to the program and compares.

use std::collections::{BTreeMap, BTreeSet};

use orglink_domain::campaign::CampaignState;
use orglink_domain::clock::Timestamp;

pub type People = BTreeSet<usize>;

/// Where a workspace can be linked to: an organization that was there, or the one made for these admins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    There(usize),
    MadeFor(People),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Hand,
    Run,
}

/// What can be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub admins: Vec<People>,
    pub homes: Vec<Option<(Home, By)>>,
    pub organizations: Vec<People>,
    /// Of those made by the run, which are claimed.
    pub made: BTreeMap<People, bool>,
}

/// What people do.
#[derive(Debug, Clone)]
pub enum Act {
    Link {
        by: usize,
        workspace: usize,
        to: Home,
    },
    Promote {
        by: usize,
        workspace: usize,
        who: usize,
    },
    Demote {
        by: usize,
        workspace: usize,
        who: usize,
    },
    Give {
        by: usize,
        organization: usize,
        who: usize,
    },
    Take {
        by: usize,
        organization: usize,
        who: usize,
    },
    /// The workspace's side says where it should go; the organization's, that it may come.
    Prefer {
        by: usize,
        workspace: usize,
        organization: usize,
    },
    Accept {
        by: usize,
        workspace: usize,
        organization: usize,
    },
    Postpone {
        by: usize,
        workspace: usize,
        until: Timestamp,
    },
    Undo {
        by: usize,
        workspace: usize,
    },
    Claim {
        by: usize,
        of: People,
    },
    Pause,
    Resume,
}

/// What was decided about a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Goes(Home, &'static str),
    Stays(&'static str),
}

#[derive(Debug, Clone, Default)]
struct Workspace {
    admins: People,
    is_free: bool,
    home: Option<(Home, By)>,
    linked_at: Option<Timestamp>,
    /// By organization, who said yes on each side.
    yes: BTreeMap<usize, (Option<usize>, Option<usize>)>,
    postponed_until: Option<Timestamp>,
    decided: Option<Fate>,
    /// Decided to go, and not yet applied.
    waits: bool,
    /// Something about it changed since it was decided.
    is_changed: bool,
}

#[derive(Debug, Clone, Default)]
struct Made {
    is_claimed: bool,
    claimed_by: Option<usize>,
    from: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Model {
    workspaces: Vec<Workspace>,
    organizations: Vec<People>,
    changed_organizations: BTreeSet<usize>,
    made: BTreeMap<People, Made>,
    state: CampaignState,
    resumes_to: CampaignState,
    closes_at: Timestamp,
    undo_seconds: i64,
    claim_seconds: i64,
    postponements: usize,
}

/// At least half of the admins and two of them, or the only one.
fn qualifies(shared: usize, admins: usize) -> bool {
    if admins == 1 { shared == 1 } else { shared >= 2 && 2 * shared >= admins }
}

impl Model {
    /// As the test begins; workspaces with their admins and whether they are free, organizations with theirs.
    pub fn new(workspaces: &[(People, bool)], organizations: &[People], closes_at: Timestamp) -> Self {
        Self {
            workspaces: workspaces
                .iter()
                .map(|(admins, is_free)| Workspace {
                    admins: admins.clone(),
                    is_free: *is_free,
                    ..Workspace::default()
                })
                .collect(),
            organizations: organizations.to_vec(),
            changed_organizations: BTreeSet::new(),
            made: BTreeMap::new(),
            state: CampaignState::Announced,
            resumes_to: CampaignState::Announced,
            closes_at,
            undo_seconds: super::UNDO_DAYS * super::DAY,
            claim_seconds: super::CLAIM_DAYS * super::DAY,
            postponements: super::POSTPONEMENTS,
        }
    }

    pub fn seen(&self) -> Seen {
        Seen {
            admins: self.workspaces.iter().map(|w| w.admins.clone()).collect(),
            homes: self.workspaces.iter().map(|w| w.home.clone()).collect(),
            organizations: self.organizations.clone(),
            made: self.made.iter().map(|(people, made)| (people.clone(), made.is_claimed)).collect(),
        }
    }

    pub fn state(&self) -> CampaignState {
        self.state
    }

    pub fn is_decided(&self) -> bool {
        self.workspaces.iter().any(|w| w.decided.is_some())
    }

    pub fn fate_of(&self, workspace: usize) -> Option<&Fate> {
        self.workspaces[workspace].decided.as_ref()
    }

    pub fn yes(&self, workspace: usize, organization: usize) -> Option<(Option<usize>, Option<usize>)> {
        self.workspaces[workspace].yes.get(&organization).copied()
    }

    /// Whether a workspace waits to be linked, whether one that was decided about was linked by hand, and whether the admins of
    /// one have asked for more time and have it.
    pub fn waits(&self, now: Timestamp) -> (bool, bool, bool) {
        let any = |of: &dyn Fn(&Workspace) -> bool| self.workspaces.iter().any(of);
        let sleeps = |w: &Workspace| w.decided == Some(Fate::Stays("postponed")) && w.postponed_until > Some(now);
        (any(&|w| w.waits && w.home.is_none()), any(&|w| w.waits && w.home.is_some()), any(&|w| sleeps(w)))
    }

    fn is_admin(&self, who: usize, home: &Home) -> bool {
        match home {
            Home::There(o) => self.organizations[*o].contains(&who),
            Home::MadeFor(people) => people.contains(&who) && self.made.contains_key(people),
        }
    }

    /// Does what somebody wants, if they may; whether they might.
    pub fn act(&mut self, act: &Act, now: Timestamp) -> bool {
        match act {
            Act::Link { by, workspace, to } => {
                let is_open = match to {
                    Home::There(_) => true,
                    Home::MadeFor(people) => self.made.get(people).is_some_and(|made| made.is_claimed),
                };
                let w = &self.workspaces[*workspace];
                if !(is_open && w.admins.contains(by) && self.is_admin(*by, to) && w.home.is_none()) {
                    return false;
                }
                self.link(*workspace, to.clone(), By::Hand, now);
                self.touch(to);
            }
            Act::Promote { by, workspace, who } => {
                let w = &mut self.workspaces[*workspace];
                if !w.admins.contains(by) {
                    return false;
                }
                w.is_changed |= w.admins.insert(*who);
            }
            Act::Demote { by, workspace, who } => {
                let w = &mut self.workspaces[*workspace];
                if !w.admins.contains(by) || !w.admins.contains(who) || w.admins.len() == 1 {
                    return false;
                }
                w.admins.remove(who);
                w.is_changed = true;
            }
            Act::Give { by, organization, who } => {
                if !self.organizations[*organization].contains(by) {
                    return false;
                }
                if self.organizations[*organization].insert(*who) {
                    self.changed_organizations.insert(*organization);
                }
            }
            Act::Take { by, organization, who } => {
                let admins = &mut self.organizations[*organization];
                if !admins.contains(by) || !admins.contains(who) || admins.len() == 1 {
                    return false;
                }
                admins.remove(who);
                self.changed_organizations.insert(*organization);
            }
            Act::Prefer { by, workspace, organization } => {
                let is_both = self.organizations[*organization].contains(by);
                let w = &mut self.workspaces[*workspace];
                if !w.admins.contains(by) || w.home.is_some() {
                    return false;
                }
                let before = w.yes.get(organization).copied();
                let yes = w.yes.entry(*organization).or_default();
                yes.0 = Some(*by);
                if is_both {
                    yes.1 = Some(*by);
                }
                w.is_changed |= before != Some(*yes);
            }
            Act::Accept { by, workspace, organization } => {
                if !self.organizations[*organization].contains(by) {
                    return false;
                }
                let w = &mut self.workspaces[*workspace];
                let is_declared = w.yes.contains_key(organization);
                if w.home.is_some() || !(is_declared || w.admins.contains(by)) {
                    return false;
                }
                let before = w.yes.get(organization).copied();
                let yes = w.yes.entry(*organization).or_default();
                yes.1 = Some(*by);
                if !is_declared {
                    yes.0 = Some(*by);
                }
                w.is_changed |= before != Some(*yes);
            }
            Act::Postpone { by, workspace, until } => {
                let others = self.workspaces.iter().enumerate();
                let keeps = |w: &Workspace| w.postponed_until.is_some() && w.home.is_none();
                let used = others.filter(|(at, w)| at != workspace && keeps(w)).count();
                let is_open = matches!(self.state, CampaignState::Announced | CampaignState::Open);
                let w = &mut self.workspaces[*workspace];
                if !w.admins.contains(by) || w.home.is_some() || !is_open || now >= self.closes_at {
                    return false;
                }
                if used >= self.postponements {
                    return false;
                }
                w.postponed_until = Some(*until);
                w.is_changed = true;
            }
            Act::Undo { by, workspace } => return self.undo(*by, *workspace, now),
            Act::Claim { by, of } => {
                let Some(made) = self.made.get_mut(of) else { return false };
                if !of.contains(by) || made.is_claimed || made.claimed_by.is_some() {
                    return false;
                }
                made.claimed_by = Some(*by);
                made.is_claimed = of.len() == 1;
                made.from = Some(now.plus_seconds(self.claim_seconds));
            }
            Act::Pause => {
                if self.state.is_over() || self.state == CampaignState::Paused {
                    return false;
                }
                (self.resumes_to, self.state) = (self.state, CampaignState::Paused);
            }
            Act::Resume => {
                if self.state != CampaignState::Paused {
                    return false;
                }
                self.state = self.resumes_to;
            }
        }
        true
    }

    fn undo(&mut self, by: usize, workspace: usize, now: Timestamp) -> bool {
        let w = &self.workspaces[workspace];
        let Some((home, By::Run)) = w.home.clone() else { return false };
        let is_late = w.linked_at.is_none_or(|at| at.plus_seconds(self.undo_seconds) <= now);
        let is_claimed = matches!(&home, Home::MadeFor(people) if self.made[people].is_claimed);
        if !(w.admins.contains(&by) || self.is_admin(by, &home)) || is_late || is_claimed {
            return false;
        }
        let w = &mut self.workspaces[workspace];
        (w.home, w.linked_at, w.waits, w.is_changed) = (None, None, false, true);
        self.touch(&home);
        if let Home::MadeFor(people) = &home
            && !self.workspaces.iter().any(|w| w.home.as_ref().is_some_and(|(at, _)| *at == home))
        {
            self.made.remove(people);
        }
        true
    }

    fn touch(&mut self, home: &Home) {
        if let Home::There(o) = home {
            self.changed_organizations.insert(*o);
        }
    }

    fn link(&mut self, workspace: usize, home: Home, by: By, now: Timestamp) {
        let w = &mut self.workspaces[workspace];
        w.home = Some((home, by));
        w.linked_at = Some(now);
        w.is_changed = true;
    }

    /// Claims to which nobody objected in time.
    pub fn settle_claims(&mut self, now: Timestamp) {
        for made in self.made.values_mut() {
            made.is_claimed |= made.from.is_some_and(|from| from <= now);
        }
    }

    /// The four rules, the last of which always yields.
    fn fate(&self, workspace: usize, now: Timestamp) -> Fate {
        let w = &self.workspaces[workspace];
        if w.is_free {
            return Fate::Stays("free_plan");
        }
        if w.postponed_until.is_some_and(|until| until > now) {
            return Fate::Stays("postponed");
        }
        let in_office = |o: usize, yes: &(Option<usize>, Option<usize>)| {
            yes.0.is_some_and(|by| w.admins.contains(&by))
                && yes.1.is_some_and(|by| self.organizations[o].contains(&by))
        };
        let preferred: Vec<usize> = w.yes.iter().filter(|(o, yes)| in_office(**o, yes)).map(|(o, _)| *o).collect();
        if let [only] = preferred.as_slice() {
            return Fate::Goes(Home::There(*only), "preference");
        }
        let theirs: Vec<usize> = (0..self.organizations.len())
            .filter(|o| qualifies(self.organizations[*o].intersection(&w.admins).count(), w.admins.len()))
            .collect();
        match theirs.as_slice() {
            [only] => Fate::Goes(Home::There(*only), "existing_organization"),
            _ => Fate::Goes(Home::MadeFor(w.admins.clone()), "own"),
        }
    }

    /// Everybody unlinked is decided about.
    pub fn decide(&mut self, now: Timestamp) {
        let fates: Vec<Option<Fate>> =
            (0..self.workspaces.len()).map(|w| self.workspaces[w].home.is_none().then(|| self.fate(w, now))).collect();
        let alike = |of: &Fate| fates.iter().flatten().filter(|fate| *fate == of).count();
        for (w, fate) in fates.iter().enumerate() {
            let fate = match fate {
                Some(own @ Fate::Goes(home, "own")) if alike(own) > 1 => {
                    Some(Fate::Goes(home.clone(), "shared_admins"))
                }
                other => other.clone(),
            };
            let of = &mut self.workspaces[w];
            of.waits = matches!(fate, Some(Fate::Goes(..)));
            (of.decided, of.is_changed) = (fate, false);
        }
        self.changed_organizations.clear();
    }

    /// Takes over what the runner did, if it might: states that time brings, links that were decided.
    ///
    /// # Errors
    /// What should not have happened.
    pub fn follow(
        &mut self,
        state: CampaignState,
        seen: &Seen,
        now: Timestamp,
        somebody_else: bool,
    ) -> Result<(), String> {
        let may_link = self.state == CampaignState::Linking || state == CampaignState::Linking;
        let path = [
            CampaignState::Announced,
            CampaignState::Open,
            CampaignState::Closing,
            CampaignState::Linking,
            CampaignState::Done,
        ];
        let place = |of| path.iter().position(|s| *s == of);
        if self.state == CampaignState::Paused && state != self.state {
            return Err(format!("paused, and went on to {state}"));
        }
        if place(state) < place(self.state) {
            return Err(format!("from {} back to {state}", self.state));
        }
        self.state = state;
        for w in 0..self.workspaces.len() {
            let Some((home, By::Run)) = &seen.homes[w] else { continue };
            if self.workspaces[w].home.is_some() {
                continue;
            }
            let of = &self.workspaces[w];
            let now_awake =
                of.decided == Some(Fate::Stays("postponed")) && of.postponed_until.is_some_and(|at| at <= now);
            if !may_link || !(of.waits || now_awake) {
                return Err(format!("workspace {w} was linked by the run, which should not have: {of:?}"));
            }
            let goes = |fate: &Fate| matches!(fate, Fate::Goes(to, _) if to == home);
            let target_changed =
                matches!(&of.decided, Some(Fate::Goes(Home::There(o), _)) if self.changed_organizations.contains(o));
            let (frozen, anew) = (of.decided.as_ref().is_some_and(goes), goes(&self.fate(w, now)));
            let is_right = match (of.is_changed || now_awake || target_changed, somebody_else) {
                (_, true) => frozen || anew,
                (true, false) => anew,
                (false, false) => frozen,
            };
            if !is_right {
                return Err(format!("workspace {w} was linked to {home:?}: {of:?}, anew {:?}", self.fate(w, now)));
            }
            if let Home::MadeFor(people) = home {
                self.made.entry(people.clone()).or_default();
            }
            let home = home.clone();
            self.link(w, home, By::Run, now);
            self.workspaces[w].waits = false;
        }
        if state == CampaignState::Done
            && let Some(w) = self.workspaces.iter().position(|w| w.waits && w.home.is_none())
        {
            return Err(format!("done, and workspace {w} waits: {:?}", self.workspaces[w]));
        }
        Ok(())
    }
}
