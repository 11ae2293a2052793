//! A company of any size from one seed: power-law sizes, people in several workspaces, admins of several
//! organizations. The same seed gives the same bytes.

use std::fmt::Write as _;

/// A small generator of pseudo-random numbers (SplitMix64), so that a size and a seed name the data for good.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap()
    }

    /// Mostly small, sometimes large: a power law between 1 and `max`.
    pub fn size(&mut self, max: usize) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
        let size = (1.0 / (1.0 - uniform * 0.999).powf(0.9)) as usize;
        size.clamp(1, max)
    }
}

/// What was generated, as a floor needs it: names by number.
pub struct Company {
    pub people: usize,
    pub organizations: usize,
    /// For each workspace: its groups, each with its members (people by number); the first group administers.
    pub workspaces: Vec<Vec<Vec<usize>>>,
}

impl Company {
    /// A company with so many workspaces.
    pub fn new(size: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let people = size + 10;
        let organizations = (size / 10).max(3);
        let workspaces = (0..size)
            .map(|w| {
                let groups = random.size(6);
                (0..groups)
                    .map(|g| {
                        let count = if g == 0 { 1 + random.below(3) } else { random.size(400) };
                        // Everybody administers a few; the first admin of a workspace is a known one.
                        let mut members: Vec<usize> = (0..count).map(|_| random.below(people)).collect();
                        if g == 0 {
                            members.push(w % people);
                        }
                        members.sort_unstable();
                        members.dedup();
                        members
                    })
                    .collect()
            })
            .collect();
        Self { people, organizations, workspaces }
    }

    pub fn memberships(&self) -> usize {
        self.workspaces.iter().flatten().map(Vec::len).sum()
    }

    /// As import records.
    pub fn records(&self) -> String {
        let mut out = String::new();
        for p in 0..self.people {
            let _ = writeln!(out, r#"{{"type":"account","email":"p{p}@people.example","name":"Person {p}"}}"#);
        }
        for o in 0..self.organizations {
            // Every organization is administered by every fiftieth person, so that links find both roles.
            let _ = writeln!(
                out,
                r#"{{"type":"organization","slug":"o{o}","name":"Organization {o}","admins":["p{}@people.example"]}}"#,
                o % self.people
            );
        }
        for (w, groups) in self.workspaces.iter().enumerate() {
            let plan = ["free", "standard", "standard", "premium"][w % 4];
            let _ = writeln!(out, r#"{{"type":"workspace","slug":"w{w}","name":"Workspace {w}","plan":"{plan}"}}"#);
            for (g, members) in groups.iter().enumerate() {
                let list: Vec<String> = members.iter().map(|p| format!("\"p{p}@people.example\"")).collect();
                let _ = writeln!(
                    out,
                    r#"{{"type":"user_group","workspace":"w{w}","slug":"g{g}","name":"Group {g}","is_admin":{},"repository_permission":"write","members":[{}]}}"#,
                    g == 0,
                    list.join(",")
                );
            }
        }
        out
    }
}

/// A company for a campaign: about 70 % of its workspaces are linked by it, the rest stays as it is for every reason there
/// is. Owners have several workspaces, so that it makes about 31 new organizations for 100 workspaces.
pub struct Campaigned {
    pub records: String,
    pub memberships: usize,
    people: usize,
    organizations: Vec<Vec<usize>>,
}

/// Who administers a run of workspaces, and what they administer besides.
struct Owners {
    admins: Vec<usize>,
    bills: bool,
    /// How many more of the workspaces that follow are theirs.
    left: usize,
}

impl Campaigned {
    pub fn new(size: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut company = Self { records: String::new(), memberships: 0, people: 0, organizations: Vec::new() };
        let mut workspaces = String::new();
        let mut owners = Owners { admins: vec![], bills: false, left: 0 };
        for w in 0..size {
            // Three of ten are not to be linked; which, and why, goes round.
            let stays = matches!(w % 10, 2 | 5 | 8).then_some((w / 10 * 3 + w % 10 / 3) % 7);
            let people = company.people.max(1);
            let (admins, bills) = if stays.is_some() {
                (vec![random.below(people)], false)
            } else {
                if owners.left == 0 {
                    owners = company.owners(&mut random);
                }
                owners.left -= 1;
                (owners.admins.clone(), owners.bills)
            };
            let others: Vec<usize> = (0..random.size(60)).map(|_| random.below(people)).collect();
            company.workspace(&mut workspaces, w, stays, &admins, bills, others);
        }
        let out = &mut company.records;
        for p in 0..company.people {
            let _ = writeln!(out, r#"{{"type":"account","email":"p{p}@people.example","name":"Person {p}"}}"#);
        }
        for (o, admins) in company.organizations.iter().enumerate() {
            let admins = addresses(admins);
            let _ = writeln!(
                out,
                r#"{{"type":"organization","slug":"o{o}","name":"Organization {o}","admins":[{admins}]}}"#
            );
        }
        out.push_str(&workspaces);
        company
    }

    /// New people with one to six workspaces. Three of ten have exactly one organization, one of ten has several.
    fn owners(&mut self, random: &mut Random) -> Owners {
        let left = match random.below(100) {
            0..65 => 1,
            65..87 => 2,
            87..94 => 3,
            more => 4 + more % 3,
        };
        let admins: Vec<usize> = (0..=usize::from(random.below(10) < 4)).map(|n| self.people + n).collect();
        self.people += admins.len();
        match random.below(100) {
            0..31 => self.administer(&admins, random),
            31..41 => (0..2).for_each(|_| {
                self.organizations.push(admins.clone());
            }),
            _ => {}
        }
        Owners { admins, bills: random.below(2) == 0, left }
    }

    /// An organization of theirs, sometimes one that others administer too.
    fn administer(&mut self, admins: &[usize], random: &mut Random) {
        match self.organizations.last_mut() {
            Some(last) if last.len() < 6 && random.below(3) > 0 => last.extend_from_slice(admins),
            _ => self.organizations.push(admins.to_vec()),
        }
    }

    fn workspace(
        &mut self,
        out: &mut String,
        w: usize,
        stays: Option<usize>,
        admins: &[usize],
        bills: bool,
        mut others: Vec<usize>,
    ) {
        let plan = match stays {
            Some(0) => "free",
            _ => ["standard", "premium"][w % 2],
        };
        let more = match stays {
            Some(1) => r#","kind":"personal""#,
            Some(2) => r#","status":"suspended""#,
            Some(3) => r#","status":"pending_deletion""#,
            Some(4) => r#","holds":["legal"]"#,
            Some(5) => r#","holds":["transfer"]"#,
            _ => "",
        };
        let admins = if stays == Some(6) { &[] } else { admins };
        let contacts = if bills { addresses(&admins[..1]) } else { String::new() };
        let _ = writeln!(
            out,
            r#"{{"type":"workspace","slug":"w{w}","name":"Workspace {w}","plan":"{plan}","billing_contacts":[{contacts}]{more}}}"#
        );
        others.sort_unstable();
        others.dedup();
        self.memberships += admins.len() + others.len();
        for (slug, is_admin, members) in [("owners", true, admins), ("developers", false, &others)] {
            let members = addresses(members);
            let _ = writeln!(
                out,
                r#"{{"type":"user_group","workspace":"w{w}","slug":"{slug}","name":"{slug}","is_admin":{is_admin},"repository_permission":"write","members":[{members}]}}"#
            );
        }
    }
}

fn addresses(people: &[usize]) -> String {
    let list: Vec<String> = people.iter().map(|p| format!("\"p{p}@people.example\"")).collect();
    list.join(",")
}
