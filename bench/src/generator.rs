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
