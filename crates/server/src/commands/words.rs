//! What arguments mean that many commands take: said once, shown by `--help`, manual pages and docs/cli.md.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// An argument's own words go before these.
const COMMON: &[(&str, &str)] = &[
    ("account", "Address or id"),
    ("app", "The product it is one of, as the catalog names it"),
    ("campaign", "Name or id"),
    ("domain", "Such as company.example"),
    ("email", "An account's address"),
    ("file", "The file"),
    ("group", "Slug of a user group"),
    ("id", "As lists show it"),
    ("kind", "team or personal"),
    ("label", "One of its labels"),
    ("mail", "Whether it comes by mail too"),
    ("name", "What people read"),
    ("organization", "Slug or id"),
    ("plan", "free, standard or premium"),
    ("product", "As the catalog names it"),
    ("reason", "Why; whoever is concerned reads it"),
    ("repository", "Slug or id"),
    ("role", "As the list of roles names it"),
    ("site", "Slug"),
    ("slug", "Its name in addresses: lower-case letters, digits and -"),
    ("status", "active, suspended or pending_deletion"),
    ("until", "The last day, like 2026-03-31"),
    ("workspace", "Slug or id"),
];

/// The whole command line.
pub fn command() -> Command {
    explained(Cli::command())
}

fn explained(command: Command) -> Command {
    let said = |id: &str| COMMON.iter().find(|(name, _)| *name == id).map(|(_, words)| *words);
    command
        .mut_args(|argument| {
            let words = said(argument.get_id().as_str()).filter(|_| argument.get_help().is_none());
            match words {
                Some(words) => argument.help(words),
                None => argument,
            }
        })
        .mut_subcommands(explained)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_says_what_it_is() {
        let mut silent = Vec::new();
        look(&command(), "orglink", &mut silent);
        assert_eq!(silent, Vec::<String>::new());
    }

    fn look(command: &Command, path: &str, silent: &mut Vec<String>) {
        assert!(command.get_about().is_some(), "{path} does not say what it does");
        for argument in command.get_arguments().filter(|a| !a.is_hide_set() && a.get_help().is_none()) {
            silent.push(format!("{path} {}", argument.get_id()));
        }
        for below in command.get_subcommands() {
            look(below, &format!("{path} {}", below.get_name()), silent);
        }
    }

    #[test]
    fn what_is_said_for_all_is_meant_by_somebody() {
        fn uses(command: &Command, id: &str) -> bool {
            command.get_arguments().any(|a| a.get_id() == id) || command.get_subcommands().any(|c| uses(c, id))
        }
        for (id, _) in COMMON {
            assert!(uses(&command(), id), "{id}");
        }
    }
}
