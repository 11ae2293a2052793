//! The container registry's words: which image a name names, what a scope asks for, what a permission allows.
//!
//! After Docker's *Token Scope Documentation* and the OCI *Distribution Specification*.

use crate::words;
use crate::workspace::Permission;

words! {
    /// What one may do with an image. Deleting takes what changing a repository's settings takes.
    "registry action" ImageAction {
        Pull = "pull",
        Push = "push",
        Delete = "delete",
    }
}

words! {
    /// How tokens are signed (RFC 7518).
    "signature algorithm" SignatureAlgorithm {
        Es256 = "ES256",
        Rs256 = "RS256",
    }
}

impl ImageAction {
    /// The least permission on the repository that allows it.
    #[must_use]
    pub const fn needs(self) -> Permission {
        match self {
            Self::Pull => Permission::Read,
            Self::Push => Permission::Write,
            Self::Delete => Permission::Admin,
        }
    }
}

/// One thing that a client asks for: `repository:WORKSPACE/IMAGE:pull,push`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// `repository`; orglink gives nothing on anything else.
    pub kind: String,
    pub name: String,
    pub actions: Vec<String>,
}

impl Scope {
    /// Reads one scope; nothing when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // A name may hold a colon (a host with its port), a kind and actions never do.
        let (kind, rest) = text.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        if kind.is_empty() || name.is_empty() {
            return None;
        }
        let actions = actions.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect();
        Some(Self { kind: kind.to_owned(), name: name.to_owned(), actions })
    }

    /// The actions that it asks for, each once; `*` asks for every one, and what is no action for nothing.
    #[must_use]
    pub fn wanted(&self) -> Vec<ImageAction> {
        let asks = |action: &ImageAction| self.actions.iter().any(|a| a == "*" || a == action.as_str());
        ImageAction::ALL.iter().copied().filter(asks).collect()
    }

    /// Whether it leaves open what exactly it wants.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.actions.iter().any(|a| a == "*")
    }
}

/// The name of an image: the slug of its workspace, a slash, and its name there, which may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageName {
    pub workspace: String,
    /// Within the workspace: `app`, `app/worker`.
    pub image: String,
}

impl ImageName {
    /// Reads a name as registries keep it; nothing when it is none (of a workspace).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (workspace, image) = text.split_once('/')?;
        let is_good = text.len() <= 255 && text.split('/').all(is_component);
        is_good.then(|| Self { workspace: workspace.to_owned(), image: image.to_owned() })
    }

    /// The repository whose permissions count, if the workspace has one of that name.
    #[must_use]
    pub fn repository(&self) -> &str {
        self.image.split('/').next().unwrap_or_default()
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(|b| is_word(*b)) || !bytes.last().is_some_and(|b| is_word(*b)) {
        return false;
    }
    text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        .all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|b| b == b'-'))
}

/// Whether a text is a tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
}

/// Whether a text is the digest of a manifest: an algorithm, a colon, hexadecimal digits.
#[must_use]
pub fn is_manifest_digest(text: &str) -> bool {
    let length = match text.split_once(':') {
        Some(("sha256", hex)) => (hex, 64),
        Some(("sha512", hex)) => (hex, 128),
        _ => return false,
    };
    length.0.len() == length.1 && length.0.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether what was pushed is an image or a list of images, and no part of one.
#[must_use]
pub fn is_manifest(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.docker.distribution.manifest.v1+json"
            | "application/vnd.docker.distribution.manifest.v1+prettyjws"
            | "application/vnd.docker.distribution.manifest.v2+json"
            | "application/vnd.docker.distribution.manifest.list.v2+json"
            | "application/vnd.oci.image.manifest.v1+json"
            | "application/vnd.oci.image.index.v1+json"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_says_what_is_wanted_of_what() {
        let scope = Scope::parse("repository:acme/app:push,pull,fly,pull").expect("a scope");
        assert_eq!((scope.kind.as_str(), scope.name.as_str()), ("repository", "acme/app"));
        assert_eq!(scope.wanted(), [ImageAction::Pull, ImageAction::Push]);
        assert_eq!(Scope::parse("repository:host:5000/acme/app:pull").expect("a scope").name, "host:5000/acme/app");
        assert_eq!(Scope::parse("repository:acme/app:*").expect("a scope").wanted(), ImageAction::ALL);
        assert_eq!(Scope::parse("repository:acme/app:").expect("a scope").wanted(), []);
        for none in ["", "repository", "repository:acme/app", ":acme/app:pull", "repository::pull"] {
            assert_eq!(Scope::parse(none), None, "{none}");
        }
    }

    #[test]
    fn a_name_is_a_workspace_and_an_image_as_registries_keep_them() {
        let name = ImageName::parse("acme/app/worker").expect("a name");
        assert_eq!((name.workspace.as_str(), name.image.as_str(), name.repository()), ("acme", "app/worker", "app"));
        for good in ["a/b", "a-b/c_d", "a--b/c__d", "a.b/c.d", "0/1"] {
            assert!(ImageName::parse(good).is_some(), "{good}");
        }
        let long = format!("acme/{}", "x".repeat(300));
        for bad in [
            "",
            "acme",
            "acme/",
            "/app",
            "acme//app",
            "Acme/app",
            "acme/App",
            "a..b/c",
            "a___b/c",
            "-a/b",
            "a-/b",
            "acme/../x",
            "acme/a:b",
            "acme/a b",
            "acmé/app",
            &long,
        ] {
            assert_eq!(ImageName::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn tags_digests_and_manifests_are_told_from_what_is_none() {
        assert!(is_tag("1.0-rc_1") && is_tag("_x") && is_tag(&"x".repeat(128)));
        assert!(!is_tag("") && !is_tag("-x") && !is_tag("a b") && !is_tag(&"x".repeat(129)));
        assert!(is_manifest_digest(&format!("sha256:{}", "0a".repeat(32))));
        assert!(!is_manifest_digest("sha256:0a") && !is_manifest_digest(&format!("sha256:{}", "0A".repeat(32))));
        assert!(is_manifest("application/vnd.oci.image.index.v1+json") && !is_manifest("application/octet-stream"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_comes_breaks_the_reading(text in "\\PC{0,60}") {
            if let Some(scope) = Scope::parse(&text) {
                proptest::prop_assert!(text.starts_with(&scope.kind));
            }
            if let Some(name) = ImageName::parse(&text) {
                proptest::prop_assert_eq!(format!("{}/{}", name.workspace, name.image), text);
            }
        }
    }
}
