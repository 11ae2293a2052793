//! What is promised of a mapping, compared with counting it out person by person.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::clock::Timestamp;
use crate::id::OrganizationId;
use crate::link::Consent;
use crate::organization::UserManagement;
use crate::repository_access::{sources, strongest};
use crate::workspace::{BillingCycle, Kind, Status, SubscriptionPlan};

fn account(n: u8) -> AccountId {
    AccountId(Uuid::from_u128(1000 + u128::from(n)))
}

fn repository(n: u8) -> RepositoryId {
    RepositoryId(Uuid::from_u128(2000 + u128::from(n)))
}

fn members(bits: u8) -> BTreeSet<AccountId> {
    (0..6).filter(|n| bits & (1 << n) != 0).map(account).collect()
}

fn group(place: u8, n: u8, slug: &str, bits: u8) -> GroupAccess {
    GroupAccess {
        group: UserGroup {
            id: UserGroupId(Uuid::from_u128(u128::from(place) * 100 + u128::from(n))),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            is_admin: false,
            repository_permission: Permission::None,
            workspace_permissions: Vec::new(),
            is_default: false,
        },
        members: members(bits),
        grants: BTreeMap::new(),
        directory: None,
    }
}

fn place(n: u8, slug: &str, groups: Vec<GroupAccess>) -> PlaceAccess {
    let repositories = (0..2).map(|r| (repository(n * 10 + r), format!("r{r}"))).collect();
    PlaceAccess {
        workspace: WorkspaceId(Uuid::from_u128(u128::from(n))),
        slug: slug.to_owned(),
        groups,
        repositories,
        direct: BTreeMap::new(),
    }
}

fn facts(here: PlaceAccess, others: Vec<PlaceAccess>, directory: Vec<DirectoryEntry>) -> UsersFacts {
    let at = Timestamp::from_micros(0);
    let person = |n| Person {
        id: account(n),
        email: format!("p{n}@meridian.example"),
        name: format!("Person {n}"),
        is_verified: true,
        is_robot: false,
        is_suspended: false,
    };
    UsersFacts {
        workspace: Workspace {
            id: here.workspace,
            slug: here.slug.clone(),
            name: here.slug.clone(),
            app: "bitbucket".to_owned(),
            kind: Kind::Team,
            plan: SubscriptionPlan::Standard,
            billing_cycle: BillingCycle::Monthly,
            status: Status::Active,
            legal_hold: false,
            open_transfer: false,
            version: 1,
            created_at: at,
        },
        organization: Organization {
            id: OrganizationId(Uuid::from_u128(9)),
            slug: "meridian".to_owned(),
            name: "Meridian".to_owned(),
            user_management: UserManagement::Centralized,
            link_quota: None,
            identity_provider: None,
            version: 1,
            created_at: at,
        },
        link: LinkId(Uuid::from_u128(8)),
        is_migrated: false,
        is_unclaimed: false,
        is_frozen: false,
        policy: LinkPolicy { consent: Consent::OnePerson, undo_window_seconds: 0, transfer: false },
        here,
        others,
        directory,
        people: (0..6).map(|n| (account(n), person(n))).collect(),
        domains: vec!["meridian.example".to_owned()],
        invitations: Vec::new(),
        managers: BTreeSet::new(),
    }
}

fn entry(n: u8, slug: &str, bits: u8) -> DirectoryEntry {
    let id = DirectoryGroupId(Uuid::from_u128(500 + u128::from(n)));
    DirectoryEntry {
        group: DirectoryGroup { id, slug: slug.to_owned(), name: slug.to_owned() },
        members: members(bits),
    }
}

#[test]
fn nothing_is_merged_because_of_its_name() {
    let groups = vec![group(1, 1, "developers", 0b11), group(1, 2, "qa", 0b100)];
    let facts = facts(place(1, "atlas-platform", groups), vec![], vec![entry(1, "developers", 0b11)]);
    let plan = UsersPlan::new(&facts, &Mapping::new()).expect("a plan");
    let ways: Vec<_> = plan.ways.iter().map(|w| format!("{} {:?}", w.slug, w.way)).collect();
    let apart = r#"developers New { slug: "developers-atlas-platform", name: "developers (atlas-platform)" }"#;
    assert_eq!(ways, [apart, r#"qa New { slug: "qa", name: "qa" }"#]);
    assert_eq!(plan.blockers, []);
    // The same people: nothing to tell. Other people: told.
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    let facts = UsersFacts { directory: vec![entry(1, "developers", 0b110)], ..facts };
    let plan = UsersPlan::new(&facts, &Mapping::new()).expect("a plan");
    assert_eq!(plan.findings.iter().map(|f| f.code).collect::<Vec<_>>(), [FindingCode::SameName]);
    assert_eq!(plan.findings[0].accounts, [account(0), account(2)]);
}

#[test]
fn a_mapping_names_what_is_there_and_what_is_free() {
    let facts = facts(
        place(1, "w", vec![group(1, 1, "developers", 1), group(1, 2, "qa", 1)]),
        vec![],
        vec![entry(1, "ops", 1)],
    );
    let fault = |of: &str, fate| resolve(&facts, &Mapping::from([(of.to_owned(), fate)])).expect_err("a fault");
    assert_eq!(fault("nobody", Fate::Own), MappingFault::NoGroup("nobody".into()));
    assert_eq!(fault("qa", Fate::Merge("no".into())), MappingFault::NoDirectoryGroup("qa".into(), "no".into()));
    assert_eq!(fault("qa", Fate::Rename("Ops".into())), MappingFault::NameTaken("qa".into(), "ops".into()));
    assert!(matches!(fault("qa", Fate::Rename(" ".into())), MappingFault::BadName(..)));
    // Whoever takes another's name: the other is told apart.
    let mapping = Mapping::from([("QA".to_owned(), Fate::Rename("Developers".into()))]);
    let ways = resolve(&facts, &mapping).expect("ways");
    assert!(matches!(&ways[0].way, Way::New { slug, .. } if slug == "developers-w"), "{ways:?}");
    assert!(matches!(&ways[1].way, Way::New { slug, name } if slug == "developers" && name == "Developers"));
}

#[test]
fn what_would_widen_is_refused_and_named() {
    let mut here = group(1, 1, "developers", 0b0011);
    here.group.repository_permission = Permission::Write;
    let facts = facts(place(1, "w", vec![here]), vec![], vec![entry(1, "ops", 0b0110)]);
    let plan =
        UsersPlan::new(&facts, &Mapping::from([("developers".to_owned(), Fate::Merge("ops".into()))])).expect("a plan");
    assert_eq!(plan.blockers, [UsersBlocker::WouldWiden]);
    let told: Vec<_> =
        plan.proof.widenings.iter().map(|w| (w.thing.as_str(), w.before.as_str(), w.after.as_str())).collect();
    let all = [
        ("the workspace", "not a member", "a member"),
        ("repository r0", "none", "write"),
        ("repository r1", "none", "write"),
        ("repositories to come", "none", "write"),
    ];
    assert_eq!(told, all);
    assert!(plan.proof.widenings.iter().all(|w| w.accounts == [account(2)]));
    assert_eq!((plan.proof.people, plan.proof.classes), (3, 2));
}

#[test]
fn people_with_two_accounts_are_told_with_the_evidence() {
    let mut facts = facts(place(1, "w", vec![group(1, 1, "developers", 0b1)]), vec![], vec![]);
    facts.people.get_mut(&account(1)).expect("there").name = "person 0".to_owned();
    facts.people.get_mut(&account(2)).expect("there").email = "p0+old@meridian.example".to_owned();
    facts.people.get_mut(&account(3)).expect("there").email = "p0@elsewhere.example".to_owned();
    let found = report(&facts);
    let told: Vec<_> = found.iter().map(|f| (f.code, f.accounts.clone())).collect();
    let pair = |n| (FindingCode::SamePerson, vec![account(0), account(n)]);
    assert_eq!(told, [pair(1), pair(2)], "an address elsewhere is no evidence: {found:?}");
}

#[test]
fn ordinary_members_come_and_go_and_the_digest_stays() {
    let plan = |bits, is_admin| {
        let mut here = group(1, 1, "developers", bits);
        here.group.is_admin = is_admin;
        UsersPlan::new(&facts(place(1, "w", vec![here]), vec![], vec![]), &Mapping::new()).expect("a plan").digest
    };
    assert_eq!(plan(0b1, false), plan(0b11, false));
    assert_ne!(plan(0b1, true), plan(0b11, true), "of a group that administers, each counts");
}

/// Whether somebody can do something in a place, counted out for them alone.
fn can(place: &PlaceAccess, who: AccountId) -> (bool, bool, BTreeSet<String>, BTreeMap<RepositoryId, Permission>) {
    let mine: Vec<_> = place.groups.iter().filter(|g| g.members.contains(&who)).collect();
    let direct = place.direct.get(&who);
    let is_admin = mine.iter().any(|g| g.group.is_admin);
    let permissions = mine.iter().flat_map(|g| g.group.workspace_permissions.clone()).collect();
    let on = |id: &RepositoryId| {
        let ways = mine.iter().map(|g| (&g.group, g.grants.get(id).copied()));
        strongest(&sources(ways, direct.and_then(|d| d.get(id)).copied()))
    };
    let repositories = place.repositories.keys().map(|id| (*id, on(id))).collect();
    (!mine.is_empty() || direct.is_some_and(|d| !d.is_empty()), is_admin, permissions, repositories)
}

/// A random group: members, admin or not, permission, permissions, a grant.
type Given = (u8, bool, usize, u8, Option<usize>, usize);

fn given() -> impl Strategy<Value = Given> {
    (0..64_u8, prop::bool::weighted(0.2), 0..4_usize, 0..4_u8, prop::option::of(0..4_usize), 0..3_usize)
}

fn random_place(n: u8, slug: &str, groups: &[Given], direct: &[(u8, usize)]) -> PlaceAccess {
    let groups = groups.iter().enumerate().map(|(i, (bits, is_admin, permission, words, grant, _))| {
        let i = u8::try_from(i).expect("few");
        let mut g = group(n, i, &format!("g{i}"), *bits);
        g.group.is_admin = *is_admin;
        g.group.repository_permission = Permission::ALL[*permission];
        let words = ["create-project", "create-repository"].iter().enumerate().filter(|(i, _)| words & (1 << i) != 0);
        g.group.workspace_permissions = words.map(|(_, w)| (*w).to_owned()).collect();
        g.grants = grant.map(|p| (repository(n * 10), Permission::ALL[p])).into_iter().collect();
        g
    });
    let mut found = place(n, slug, groups.collect());
    for (who, permission) in direct {
        found.direct.entry(account(*who)).or_default().insert(repository(n * 10 + 1), Permission::ALL[*permission]);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_the_proof_lets_pass_widens_nothing(
        here in prop::collection::vec(given(), 1..4),
        there in prop::collection::vec(given(), 1..4),
        direct in prop::collection::vec((0..6_u8, 0..4_usize), 0..4),
        same in prop::bool::ANY,
    ) {
        // Two groups of the directory; those of the other workspace are attached to one of them, or to none.
        let mut others = random_place(2, "other", &there, &[]);
        let mut directory = vec![entry(0, "one", 0), entry(1, "two", 0)];
        for (group, (.., at)) in others.groups.iter_mut().zip(&there) {
            let Some(of) = directory.get_mut(*at) else { continue };
            if of.members.is_empty() || same {
                of.members.extend(&group.members);
            }
            group.directory = Some(of.group.id);
        }
        for group in &mut others.groups {
            if let Some(of) = directory.iter().find(|d| Some(d.group.id) == group.directory) {
                group.members = of.members.clone();
            }
        }
        let mut place = random_place(1, "here", &here, &direct);
        if same {
            // Merges that may well pass.
            for (group, (.., at)) in place.groups.iter_mut().zip(&here) {
                if let Some(of) = directory.get(*at) {
                    group.members = of.members.clone();
                }
            }
        }
        let mapping: Mapping = here.iter().enumerate().filter(|(_, (.., at))| *at < 2)
            .map(|(i, (.., at))| (format!("g{i}"), Fate::Merge(if *at == 0 { "one" } else { "two" }.to_owned())))
            .collect();
        let facts = facts(place, vec![others], directory);
        let plan = UsersPlan::new(&facts, &mapping).expect("a plan");
        let after = predict(&facts, &plan.ways);
        let before = [&facts.here, &facts.others[0]];
        let mut widened = false;
        for (was, is) in before.into_iter().zip(&after) {
            for who in (0..6).map(account) {
                let ((member, admin, words, on), (member_now, admin_now, words_now, on_now)) = (can(was, who), can(is, who));
                // Nobody loses anything either.
                prop_assert!(member_now >= member && admin_now >= admin);
                let more_words = !admin && !words_now.is_subset(&words);
                let more = (member_now && !member) || (admin_now && !admin) || more_words
                    || on_now.iter().any(|(id, permission)| *permission > on[id]);
                widened |= more;
                let named = plan.proof.widenings.iter().any(|w| w.workspace == is.workspace && w.accounts.contains(&who));
                prop_assert!(named || !more, "{who} can do more and is not named");
            }
        }
        if plan.proof.widenings.is_empty() {
            prop_assert!(!widened);
        }
        prop_assert_eq!(plan.blockers.contains(&UsersBlocker::WouldWiden), !plan.proof.widenings.is_empty());
    }
}
