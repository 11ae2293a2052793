//! The right edge of the tree: all that is needed to append to it.

use super::merkle::{NodePlace, hash_nodes, root_of};
use super::tile::TILE_WIDTH;
use crate::digest::Digest;

/// A tile: up to 256 hashes of one level, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub level: u8,
    pub index: u64,
    pub hashes: Vec<Digest>,
}

/// The tiles at the right edge that are not full yet, from the leaves upwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Digest>>,
}

impl Edge {
    /// Of a tree of `size` leaves whose tiles somebody keeps; nothing when one is missing or too short. Hashes beyond the
    /// size are not looked at.
    #[must_use]
    pub fn of(size: u64, tiles: &[Tile]) -> Option<Self> {
        let mut levels: Vec<Vec<Digest>> = Vec::new();
        for (level, _, width) in Self::places(size) {
            levels.resize(usize::from(level) + 1, Vec::new());
            let tile = tiles.iter().find(|t| t.level == level)?;
            *levels.last_mut()? = tile.hashes.get(..width)?.to_vec();
        }
        Some(Self { size, levels })
    }

    /// The tiles at the edge of a tree: level, number, and how many hashes.
    #[must_use]
    pub fn places(size: u64) -> Vec<(u8, u64, usize)> {
        let width_at = |level: u8| usize::try_from((size >> (8 * u32::from(level))) % 256).unwrap_or(0);
        let number_at = |level: u8| size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
        (0..8).map(|level| (level, number_at(level), width_at(level))).filter(|(_, _, width)| *width > 0).collect()
    }

    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the newest leaves, as far as their tile is not full.
    #[must_use]
    pub fn newest_leaves(&self) -> &[Digest] {
        self.levels.first().map(Vec::as_slice).unwrap_or_default()
    }

    /// Appends the hash of a leaf; tiles that are full now go to `full`.
    pub fn push(&mut self, leaf: Digest, full: &mut Vec<Tile>) {
        let (mut level, mut hash) = (0_u8, leaf);
        self.size += 1;
        loop {
            if self.levels.len() <= usize::from(level) {
                self.levels.resize(usize::from(level) + 1, Vec::new());
            }
            let Some(row) = self.levels.get_mut(usize::from(level)) else { return };
            row.push(hash);
            if row.len() < TILE_WIDTH {
                return;
            }
            let hashes = std::mem::take(row);
            let above = hash_whole(&hashes);
            let index = (self.size >> (8 * (u32::from(level) + 1))) - 1;
            full.push(Tile { level, index, hashes });
            (level, hash) = (level + 1, above);
        }
    }

    /// The tiles that are not full.
    #[must_use]
    pub fn tiles(&self) -> Vec<Tile> {
        let of_level = |level: u8| self.levels.get(usize::from(level)).cloned().unwrap_or_default();
        Self::places(self.size)
            .into_iter()
            .map(|(level, index, _)| Tile { level, index, hashes: of_level(level) })
            .collect()
    }

    /// The root of the whole tree; nothing when this is no edge.
    #[must_use]
    pub fn root(&self) -> Option<Digest> {
        root_of(self.size, &mut |place: NodePlace| {
            let row = self.levels.get(usize::from(place.level))?;
            row.get(usize::try_from(place.index % 256).ok()?).copied()
        })
    }
}

/// The hash over a full tile.
fn hash_whole(hashes: &[Digest]) -> Digest {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash_nodes(left, right),
                [one, ..] => *one,
                [] => Digest::of(&[]),
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(|| Digest::of(&[]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::merkle::{hash_leaf, is_included, path_of};
    use super::*;

    /// RFC 6962, as it is written there.
    fn plain_root(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of(&[]),
            [one] => *one,
            _ => {
                let left = leaves.len().next_power_of_two() / 2;
                hash_nodes(&plain_root(&leaves[..left]), &plain_root(&leaves[left..]))
            }
        }
    }

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|n| hash_leaf(n.to_string().as_bytes())).collect()
    }

    fn grown(leaves: &[Digest]) -> (Edge, BTreeMap<(u8, u64), Vec<Digest>>) {
        let (mut edge, mut full) = (Edge::default(), Vec::new());
        for leaf in leaves {
            edge.push(*leaf, &mut full);
        }
        full.extend(edge.tiles());
        (edge, full.into_iter().map(|t| ((t.level, t.index), t.hashes)).collect())
    }

    /// The vectors of the certificate transparency project, for its eight leaves.
    #[test]
    fn roots_are_those_of_rfc_6962() {
        let bytes: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Digest> = bytes.iter().map(|b| hash_leaf(b)).collect();
        let root = |count: usize| grown(&leaves[..count]).0.root().unwrap().to_string();
        assert_eq!(root(0), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(root(1), "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(root(2), "sha256:fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(root(3), "sha256:aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
        assert_eq!(root(8), "sha256:5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn an_edge_of_any_size_has_the_root_and_goes_on() {
        for count in [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_600] {
            let leaves = leaves(count);
            let (edge, tiles) = grown(&leaves);
            assert_eq!(edge.root(), Some(plain_root(&leaves)), "{count}");
            let size = u64::try_from(count).unwrap();
            let kept: Vec<Tile> = Edge::places(size)
                .iter()
                .map(|(level, index, _)| Tile {
                    level: *level,
                    index: *index,
                    hashes: tiles[&(*level, *index)].clone(),
                })
                .collect();
            let mut resumed = Edge::of(size, &kept).unwrap();
            assert_eq!(resumed.root(), edge.root());
            let (mut more, mut full) = (leaves.clone(), Vec::new());
            for n in 0..300_u32 {
                let leaf = hash_leaf(&n.to_be_bytes());
                more.push(leaf);
                resumed.push(leaf, &mut full);
            }
            assert_eq!(resumed.root(), Some(plain_root(&more)), "{count} and more");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn proofs_hold_and_nothing_else_does(count in 1_usize..1200, at in 0_usize..1200, bit in 0_usize..256, which in 0_usize..12) {
            let leaves = leaves(count);
            let at = at % count;
            let (edge, tiles) = grown(&leaves);
            let root = edge.root().unwrap();
            let (index, size) = (at as u64, count as u64);
            let mut node = |p: NodePlace| tiles.get(&(p.level, p.index / 256))?.get(usize::try_from(p.index % 256).unwrap()).copied();
            let path = path_of(index, size, &mut node).unwrap();
            proptest::prop_assert!(is_included(&leaves[at], index, size, &path, &root));
            proptest::prop_assert!(!is_included(&leaves[at], index + 1, size, &path, &root));
            let flip = |d: &Digest| { let mut bytes = *d.as_bytes(); bytes[bit / 8] ^= 1 << (bit % 8); Digest::from_bytes(bytes) };
            proptest::prop_assert!(!is_included(&flip(&leaves[at]), index, size, &path, &root));
            proptest::prop_assert!(!is_included(&leaves[at], index, size, &path, &flip(&root)));
            if !path.is_empty() {
                let mut other = path.clone();
                let which = which % path.len();
                other[which] = flip(&other[which]);
                proptest::prop_assert!(!is_included(&leaves[at], index, size, &other, &root));
                proptest::prop_assert!(!is_included(&leaves[at], index, size, &path[1..], &root));
            }
        }
    }
}
