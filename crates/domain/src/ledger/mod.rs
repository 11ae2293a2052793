//! The transparency log: what a leaf is, how the tree over all events is hashed, and the texts that are signed.
//!
//! The tree is the one of RFC 6962 (SHA-256, `0x00` before a leaf, `0x01` before two nodes), kept in tiles of 256 hashes and
//! published as C2SP `tlog-tiles` and `tlog-checkpoint` describe, so that monitors that know nothing of orglink can
//! follow it. What belongs here is pure; keys, tables and files are elsewhere.

mod checkpoint;
mod edge;
mod entry;
mod merkle;
mod tile;

pub use checkpoint::{Checkpoint, InvalidNote, Note, NoteSignature, VerifierKey, sign_text};
pub use edge::{Edge, Tile};
pub use entry::Entry;
pub use merkle::{NodePlace, hash_leaf, hash_nodes, is_included, path_of, root_of};
pub use tile::{InvalidTilePath, TILE_WIDTH, TilePath};
