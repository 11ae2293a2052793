//! What is known by name: as many as memory is given for, besides those that the batch at hand needs.

use std::collections::HashMap;

/// Names kept in memory, so that it does not grow with the file.
const KEPT: usize = 200_000;

/// What names stand for, as far as it is known.
pub struct Names<T> {
    kept: HashMap<String, T>,
    /// What there was no room for; forgotten with the batch.
    batch: HashMap<String, T>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { kept: HashMap::new(), batch: HashMap::new() }
    }
}

impl<T: Copy> Names<T> {
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn get(&self, name: &str) -> Option<T> {
        self.kept.get(name).or_else(|| self.batch.get(name)).copied()
    }

    /// Begins a batch that needs these; which of them must be looked up, each once.
    pub fn missing<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) -> Vec<String> {
        self.batch.clear();
        let mut missing: Vec<String> =
            names.into_iter().filter(|name| !self.kept.contains_key(*name)).cloned().collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// What was looked up, for this batch and, while there is room, for later ones.
    pub fn found(&mut self, name: String, value: T) {
        let names = if self.kept.len() < KEPT { &mut self.kept } else { &mut self.batch };
        names.insert(name, value);
    }

    /// What was made, while there is room.
    pub fn made(&mut self, name: String, value: T) {
        if self.kept.len() < KEPT {
            self.kept.insert(name, value);
        }
    }
}
