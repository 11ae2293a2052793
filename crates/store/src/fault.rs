//! Named places where a test may kill the program, to see that nothing is half done afterwards.
//!
//! Only debug builds have them: there, `ORGLINK_FAULT=NAME` aborts the process at that place, as a power cut
//! would. Release builds compile them to nothing.

/// Every place, in the order in which a run passes them. A test walks this list.
pub const POINTS: &[&str] = &[
    "import.read",
    "import.staged",
    "import.begun",
    "import.accounts",
    "import.organizations",
    "import.workspaces",
    "import.user_groups",
    "import.repositories",
    "import.reasons",
    "import.events",
    "import.committed",
    "link.planned",
    "link.guarded",
    "link.inserted",
    "link.event",
    "link.idempotency",
    "link.committed",
    "recovery.granted",
    "sequence.placed",
    "notify.noticed",
    "notify.committed",
    "mail.claimed",
    "mail.rendered",
    "mail.committed",
    "mail.accepted",
    "mail.noted",
    "copy.written",
    "copy.verified",
];

/// Dies here if a test asked for it.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::OnceLock;
        static CHOSEN: OnceLock<Option<String>> = OnceLock::new();
        debug_assert!(POINTS.contains(&name), "{name} is missing in the list of fault points");
        if CHOSEN.get_or_init(|| std::env::var("ORGLINK_FAULT").ok()).as_deref() == Some(name) {
            std::process::abort();
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
}
