//! `sada user`: who may sign in to the pages.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context, Result, bail};
use clap::Subcommand;

use super::{Global, database};
use crate::access::{Actor, Password, Role, UserName};
use crate::pipeline::users;

/// What to do with users.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make a user; the password is asked for, or read from standard input.
    Create {
        /// The name to sign in with; a mail address will do.
        name: UserName,
        /// What they may do: viewer (read), agent (work on tickets), manager (correct themes), admin (everything).
        #[arg(long, default_value = "viewer")]
        role: Role,
        /// Make up a password and print it, this once.
        #[arg(long)]
        generate: bool,
    },
    /// List users.
    List,
    /// Give a user another password; they are signed out everywhere.
    Password {
        /// The name they sign in with.
        name: UserName,
        /// Make up a password and print it, this once.
        #[arg(long)]
        generate: bool,
    },
    /// Remove a user; they are signed out everywhere.
    Remove {
        /// The name they sign in with.
        name: UserName,
    },
}

/// Makes, lists, changes or removes users; safe beside a running server.
pub(super) fn run(global: &Global, action: Action) -> Result<()> {
    database::with(global, async |db, clock| {
        match action {
            Action::Create { name, role, generate } => {
                let password = password(generate)?;
                let user = users::create_user(db, clock, &Actor::Operator, name, role, password.clone()).await?;
                eprintln!("{} may sign in as {}", user.name, user.role);
                show(generate, &password);
            }
            Action::List => {
                for user in users::list_users(db).await? {
                    println!("{}  {}  since {}", user.name, user.role, user.created_at.format("%Y-%m-%d"));
                }
            }
            Action::Password { name, generate } => {
                let password = password(generate)?;
                users::change_password(db, clock, &Actor::Operator, &name, password.clone()).await?;
                eprintln!("{name} has another password and is signed out everywhere");
                show(generate, &password);
            }
            Action::Remove { name } => {
                users::remove_user(db, clock, &Actor::Operator, &name).await?;
                eprintln!("{name} is removed");
            }
        }
        Ok(())
    })
}

fn show(generated: bool, password: &Password) {
    if generated {
        eprintln!("keep the password, it is shown this once:");
        println!("{}", password.reveal());
    }
}

/// The password that was made up, typed twice, or piped in as one line.
fn password(generate: bool) -> Result<Password> {
    if generate {
        return made_up();
    }
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("no password could be read from standard input")?;
        return Ok(Password::new(line.trim_end_matches(['\r', '\n']))?);
    }
    let terminal = console::Term::stderr();
    let ask = |question: &str| {
        terminal.write_str(question)?;
        terminal.read_secure_line()
    };
    let typed = Password::new(&ask("password: ")?)?;
    if ask("once more: ")? != typed.reveal() {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(typed)
}

/// A password of 100 random bits.
pub(super) fn made_up() -> Result<Password> {
    let random = uuid::Uuid::new_v4().simple().to_string();
    // the version and variant digits of a random UUID are left out
    let parts = [&random[..5], &random[5..10], &random[20..25], &random[25..30]];
    Ok(Password::new(&parts.join("-"))?)
}
