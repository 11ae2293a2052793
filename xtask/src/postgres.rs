//! A real PostgreSQL for the tests: found or installed, started in a temporary folder, stopped at the end.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::run::{install, run, step};

/// A running server; dropping it stops it and removes its data.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server of its own on a free port of the loopback interface.
    pub fn start() -> Result<Self> {
        let programs = match find_programs() {
            Some(programs) => programs,
            None => {
                install(&["postgresql"])?;
                find_programs().context("initdb is not there after installing postgresql")?
            }
        };
        step(&format!("starting PostgreSQL of {}", programs.display()));
        let folder = TempDir::with_prefix("orglink-postgres-")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { folder, programs, port };
        if is_root() {
            // PostgreSQL refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(server.folder.path()))?;
        }
        let data = server.data();
        run(server
            .program("initdb")
            .args(["-A", "trust", "-U", "orglink", "-E", "UTF8", "-D"])
            .arg(&data)
            .stdout(Stdio::null()))?;
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c max_connections=300",
            server.folder.path().display()
        );
        run(server
            .program("pg_ctl")
            .args(["-w", "-s", "-o", &options, "-l"])
            .arg(server.folder.path().join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start")
            .stdout(Stdio::null()))?;
        Ok(server)
    }

    /// The URL without a database's name.
    pub fn url(&self) -> String {
        format!("postgres://orglink@127.0.0.1:{}", self.port)
    }

    /// Tells a command where the server is.
    pub fn tell(&self, command: &mut Command) {
        command.env("ORGLINK_TEST_POSTGRES", self.url()).env("ORGLINK_TEST_POSTGRES_PROGRAMS", &self.programs);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        let _ = run(self.program("pg_ctl").args(["-m", "immediate", "-s", "-w", "-D"]).arg(data).arg("stop"));
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

/// The newest installed one, where Debian puts them, or whichever is on the path.
fn find_programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|e| e.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| has_programs(folder))
    })
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "createdb"].iter().all(|name| folder.join(name).exists())
}
