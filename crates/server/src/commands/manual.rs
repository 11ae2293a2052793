//! `orglink completions` and `orglink man`: what shells and manuals want to know, made from the commands themselves.

use std::path::PathBuf;

use clap::Args;

use crate::exit;
use crate::output::Outcome;

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(&self) -> Outcome {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut super::words::command(), "orglink", &mut text);
        std::io::Write::write_all(&mut std::io::stdout().lock(), &text)?;
        Ok(exit::DONE)
    }
}

#[derive(Debug, Args)]
pub struct Man {
    /// The folder to write into, one page a command
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

impl Man {
    pub fn run(&self) -> Outcome {
        std::fs::create_dir_all(&self.folder)?;
        clap_mangen::generate_to(super::words::command(), &self.folder)?;
        eprintln!("The manual pages are in {}.", self.folder.display());
        Ok(exit::DONE)
    }
}
