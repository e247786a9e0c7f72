//! Rows: one text of SQL for SQLite and PostgreSQL, a file for each noun.
//!
//! Reads take [`Db`], writes take [`Tx`], so that what belongs together is committed together.
//! What the two databases do differently stands in `dialect.rs` and nowhere else.
//!
//! What is committed is on the disk: SQLite runs in WAL mode with `synchronous=FULL`, because with `NORMAL` a power
//! cut (not a killed process) could take back feedback that was already accepted; imports pay one sync a batch.
//! SQLite has one writer, so writers queue for one connection here instead of failing with "database is locked".

pub mod audit;
mod dialect;
pub mod events;
pub mod feedback;
pub mod idempotency;
pub mod imports;
pub mod incidents;
pub mod jobs;
pub mod journeys;
pub mod lessons;
pub mod mentions;
pub mod meta;
pub mod personas;
pub mod pieces;
mod row;
mod settings;
mod statement;
pub mod sub_themes;
pub mod theme_edits;
pub mod theme_lineage;
pub mod themes;
pub mod tickets;
pub mod tokens;
pub mod users;

use std::fmt;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection};

use super::{Error, Store};
pub use dialect::Dialect;
pub use settings::DatabaseSettings;
use statement::Statement;

/// How long a call waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

static MIGRATIONS: Migrator = sqlx::migrate!("src/stores/sql/migrations");

/// A handle on the database; clones share its connections.
#[derive(Clone)]
pub struct Db {
    reader: AnyPool,
    writer: AnyPool,
    dialect: Dialect,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

impl Db {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database does not answer, [`Error::Refused`] if its URL, file, user or version is wrong.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of_url(&settings.url)?;
        let options = settings.url.parse::<AnyConnectOptions>().map_err(|_| settings::bad_url())?;
        let options = options.disable_statement_logging();
        migrate(&options, dialect).await?;
        let writers = dialect.writers().unwrap_or(settings.connections).max(1);
        let writer = pool(&options, writers, dialect.on_connect());
        let reader = match dialect {
            Dialect::Sqlite => pool(&options, settings.connections.max(1), dialect.on_connect_reader()),
            Dialect::Postgres => writer.clone(),
        };
        Ok(Self { reader, writer, dialect })
    }

    /// Which database it is.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Begins to write; nothing is kept until [`Tx::commit`].
    ///
    /// # Errors
    /// [`Error::Busy`] if no connection comes free in time, [`Error::Unavailable`] if the database is gone.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let begun = self.writer.begin_with(self.dialect.begin()).await;
        Ok(Tx { inner: begun.map_err(|error| acquire_error(&self.writer, error))?, dialect: self.dialect })
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it isn't.
    pub async fn ping(&self) -> Result<(), Error> {
        Statement::new("SELECT 1").all(self).await.map(drop)
    }

    /// Finishes what runs and closes every connection.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// A transaction; dropping it takes back all that was done in it.
#[derive(Debug)]
pub struct Tx {
    inner: sqlx::Transaction<'static, Any>,
    dialect: Dialect,
}

impl Tx {
    /// Keeps what was done; when this returns, it is on the disk.
    ///
    /// # Errors
    /// As the database says; then nothing was kept.
    pub async fn commit(self) -> Result<(), Error> {
        self.inner.commit().await.map_err(dialect::error)
    }

    fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}

fn pool(options: &AnyConnectOptions, size: u32, statements: &'static [&'static str]) -> AnyPool {
    AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| Box::pin(async move { prepare(connection, statements).await }))
        .connect_lazy_with(options.clone())
}

async fn prepare(connection: &mut AnyConnection, statements: &'static [&'static str]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::raw_sql(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Connects once outside of the pool, which would only say that it timed out, and runs the migrations there.
async fn migrate(options: &AnyConnectOptions, dialect: Dialect) -> Result<(), Error> {
    let connecting = tokio::time::timeout(PATIENCE, options.connect());
    let mut connection = connecting
        .await
        .map_err(|_| Error::unavailable(Store::Database, "no answer within 5 seconds"))?
        .map_err(dialect::error)?;
    prepare(&mut connection, dialect.on_connect_once()).await.map_err(dialect::error)?;
    MIGRATIONS.run(&mut connection).await.map_err(migrate_error)?;
    connection.close().await.map_err(dialect::error)
}

fn migrate_error(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => Error::refused(
            Store::Database,
            format!("its tables are of a newer version of Sada (step {version}); use that version or a newer one"),
        ),
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => dialect::error(source),
        error => Error::refused(Store::Database, format!("its tables can't be brought up to date: {error}")),
    }
}

/// A pool that waited in vain is busy if all its connections are taken, and cut off if it could not make one.
fn acquire_error(pool: &AnyPool, error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut if pool.size() < pool.options().get_max_connections() => {
            Error::unavailable(Store::Database, "no connection could be made within 5 seconds")
        }
        error => dialect::error(error),
    }
}
