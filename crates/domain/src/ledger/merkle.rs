//! The Merkle tree of RFC 6962, over hashes that somebody else keeps.

use crate::digest::Digest;

/// Where a hash stands in the tiles: at level L, hash number N covers the leaves from N × 256^L on, 256^L of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodePlace {
    pub level: u8,
    pub index: u64,
}

/// The hash of a leaf.
#[must_use]
pub fn hash_leaf(bytes: &[u8]) -> Digest {
    Digest::of(&[&[0], bytes])
}

/// The hash of two nodes side by side.
#[must_use]
pub fn hash_nodes(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root of the first `size` leaves; nothing when a hash that it takes is not there.
pub fn root_of(size: u64, nodes: &mut dyn FnMut(NodePlace) -> Option<Digest>) -> Option<Digest> {
    if size == 0 { Some(Digest::of(&[])) } else { subtree(0, size, nodes) }
}

/// The proof that leaf `index` is one of the first `size`, from the leaf upwards; nothing when it is not, or when a hash
/// that it takes is not there.
pub fn path_of(index: u64, size: u64, nodes: &mut dyn FnMut(NodePlace) -> Option<Digest>) -> Option<Vec<Digest>> {
    if index >= size {
        return None;
    }
    // From the root downwards: what to go into, and what stands beside it.
    let (mut start, mut count, mut path) = (0, size, Vec::new());
    while count > 1 {
        let left = split(count);
        if index < start + left {
            path.push(subtree(start + left, count - left, nodes)?);
            count = left;
        } else {
            path.push(subtree(start, left, nodes)?);
            start += left;
            count -= left;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether a leaf is number `index` of the `size` leaves under `root` (RFC 9162, 2.1.3.2).
#[must_use]
pub fn is_included(leaf: &Digest, index: u64, size: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = hash_nodes(beside, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_nodes(&hash, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// How many leaves go to the left: the largest power of two below `count`, which is at least two.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The hash over `count` leaves from `start` on. Whatever is whole and as large as a hash of a tile is taken from there.
fn subtree(start: u64, count: u64, nodes: &mut dyn FnMut(NodePlace) -> Option<Digest>) -> Option<Digest> {
    let height = count.trailing_zeros();
    if count.is_power_of_two() && height.is_multiple_of(8) {
        return nodes(NodePlace { level: u8::try_from(height / 8).ok()?, index: start >> height });
    }
    let left = split(count);
    let before = subtree(start, left, nodes)?;
    let after = subtree(start + left, count - left, nodes)?;
    Some(hash_nodes(&before, &after))
}
