//! C2SP `tlog-checkpoint` and `signed-note`: the texts that are signed, and how a signature and a key are written.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::digest::Digest;

/// The number that says Ed25519 in key ids and verifier keys.
const ED25519: u8 = 1;

/// What a log says of itself: at this size it has this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: where it is, without a scheme.
    pub origin: String,
    pub size: u64,
    pub root: Digest,
    /// Further lines; orglink writes one that names the log before this one.
    pub extensions: Vec<String>,
}

/// A signed text that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a signed checkpoint")]
pub struct InvalidNote;

impl fmt::Display for Checkpoint {
    /// The text that is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl std::str::FromStr for Checkpoint {
    type Err = InvalidNote;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lines = text.lines();
        let mut next = || lines.next().filter(|l| !l.is_empty()).ok_or(InvalidNote);
        let (origin, size, root) = (next()?, next()?, next()?);
        let root = STANDARD.decode(root).map_err(|_| InvalidNote)?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| InvalidNote)?,
            root: Digest::from_bytes(root.try_into().map_err(|_| InvalidNote)?),
            extensions: lines.map(str::to_owned).collect(),
        };
        // There is one way to write it.
        if checkpoint.to_string() == text { Ok(checkpoint) } else { Err(InvalidNote) }
    }
}

/// A text with the lines that sign it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// With the line break at its end.
    pub text: String,
    pub signatures: Vec<NoteSignature>,
}

/// One line under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    pub name: String,
    pub key_id: [u8; 4],
    pub signature: Vec<u8>,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|s| {
            let bytes = [s.key_id.as_slice(), &s.signature].concat();
            writeln!(f, "— {} {}", s.name, STANDARD.encode(bytes))
        })
    }
}

impl std::str::FromStr for Note {
    type Err = InvalidNote;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (text, lines) = given.rsplit_once("\n\n").ok_or(InvalidNote)?;
        let signatures = lines
            .lines()
            .map(|line| {
                let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
                let bytes = STANDARD.decode(bytes).ok()?;
                let (key_id, signature) = bytes.split_first_chunk::<4>()?;
                Some(NoteSignature { name: name.to_owned(), key_id: *key_id, signature: signature.to_vec() })
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(InvalidNote)?;
        let note = Self { text: format!("{text}\n"), signatures };
        if note.to_string() == given { Ok(note) } else { Err(InvalidNote) }
    }
}

/// A public key with the name of what signs with it, written `name+id+key` (a *verifier key*).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    pub name: String,
    pub key: [u8; 32],
}

impl VerifierKey {
    /// The first bytes of SHA-256 over the name and the key: by it a signature finds its key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let digest = Digest::of(&[self.name.as_bytes(), b"\n", &[ED25519], &self.key]);
        let mut id = [0; 4];
        id.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
        id
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode([[ED25519].as_slice(), &self.key].concat()))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = InvalidNote;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let mut parts = given.splitn(3, '+');
        let mut next = || parts.next().filter(|p| !p.is_empty()).ok_or(InvalidNote);
        let (name, _, key) = (next()?, next()?, next()?);
        let bytes = STANDARD.decode(key).map_err(|_| InvalidNote)?;
        let key = bytes.strip_prefix(&[ED25519]).and_then(|k| k.try_into().ok()).ok_or(InvalidNote)?;
        let parsed = Self { name: name.to_owned(), key };
        if parsed.to_string() == given { Ok(parsed) } else { Err(InvalidNote) }
    }
}

/// A text with one signature, which `sign` makes.
pub fn sign_text(text: String, key: &VerifierKey, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Note {
    let signature = sign(text.as_bytes());
    Note { signatures: vec![NoteSignature { name: key.name.clone(), key_id: key.id(), signature }], text }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the signed-note specification.
    #[test]
    fn a_verifier_key_is_written_as_the_specification_does() {
        let given = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: VerifierKey = given.parse().expect("a key");
        assert_eq!((key.name.as_str(), key.id()), ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3]));
        assert_eq!(key.to_string(), given);
        assert_eq!(
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse::<VerifierKey>(),
            Err(InvalidNote)
        );
    }

    #[test]
    fn a_checkpoint_reads_back_what_it_writes() {
        let checkpoint = Checkpoint {
            origin: "orglink.example/ledger/1".to_owned(),
            size: 7,
            root: Digest::of(&[b"root"]),
            extensions: vec!["previous: orglink.example/ledger/0 5 x".to_owned()],
        };
        let text = checkpoint.to_string();
        assert_eq!(text.parse(), Ok(checkpoint));
        let key = VerifierKey { name: "orglink.example/ledger/1".to_owned(), key: [3; 32] };
        let note = sign_text(text, &key, |_| vec![9; 64]);
        let written = note.to_string();
        assert_eq!(written.parse(), Ok(note));
        for odd in [written.trim_end(), "", "a\n\n— b", "a\nb\n", "o\n07\neA==\n\n"] {
            assert_eq!(odd.parse::<Note>().and_then(|n| n.text.parse::<Checkpoint>()), Err(InvalidNote), "{odd}");
        }
    }
}
