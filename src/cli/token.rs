//! `sada token`: who may call the API.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Subcommand;
use uuid::Uuid;

use super::{Global, database};
use crate::access::{Actor, Scope, parse_scopes};
use crate::clock::Clock;
use crate::pipeline::tokens;
use crate::stores::sql;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make a token; its secret is printed this once.
    Create {
        /// What it is for.
        name: String,
        /// What it allows, separated by commas: classify, feedback:read, feedback:write, tickets:write, themes:write, privacy, admin.
        #[arg(long, value_name = "SCOPES", default_value = "classify")]
        scopes: String,
        /// Days until it stops working [default: never].
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
    },
    /// List tokens; secrets are not kept.
    List,
    /// Withdraw a token by its id; it stops working at once.
    Revoke {
        /// The id that `sada token list` shows.
        id: Uuid,
    },
}

/// Makes, lists or withdraws tokens; safe beside a running server.
pub(super) fn run(global: &Global, action: Action) -> Result<()> {
    database::with(global, async |db, clock| match action {
        Action::Create { name, scopes, days } => create(db, clock, name, parse_scopes(&scopes)?, days).await,
        Action::List => list(db, clock.now()).await,
        Action::Revoke { id } => revoke(db, clock, id).await,
    })
}

async fn create(db: &sql::Db, clock: &Clock, name: String, scopes: Vec<Scope>, days: Option<u32>) -> Result<()> {
    if scopes.is_empty() {
        bail!("a token without a scope allows nothing; name at least one in --scopes");
    }
    let expires_at = days.map(|days| clock.now() + TimeDelta::days(i64::from(days)));
    let (token, secret) = tokens::issue(db, clock, &Actor::Operator, name, scopes, expires_at).await?;
    eprintln!("token {} ({}); keep the secret, it is shown this once:", token.id, token.name);
    println!("{}", secret.reveal());
    Ok(())
}

async fn list(db: &sql::Db, now: DateTime<Utc>) -> Result<()> {
    for token in sql::tokens::list(db).await? {
        let scopes = token.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(",");
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("withdrawn {}", at.format("%Y-%m-%d")),
            (None, Some(at)) if at <= now => format!("expired {}", at.format("%Y-%m-%d")),
            (None, Some(at)) => format!("until {}", at.format("%Y-%m-%d")),
            (None, None) => "works".to_owned(),
        };
        println!("{}  {}  {scopes}  {state}", token.id, token.name);
    }
    Ok(())
}

async fn revoke(db: &sql::Db, clock: &Clock, id: Uuid) -> Result<()> {
    tokens::withdraw(db, clock, &Actor::Operator, id).await.context("`sada token list` shows them")?;
    println!("withdrawn");
    Ok(())
}
