//! The contract on PostgreSQL, and what only a server can do to us.
//!
//! `SADA_TEST_POSTGRES_URL` names a server on which databases may be made; without it a cluster is made for the test in
//! a temporary folder, from the programs that are installed.
//! Where there are none, the test says so and passes, except on CI.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sada::stores::Error;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::{DatabaseSettings, Db};
use sqlx::Connection;

use crate::store_contract_promises::every_promise;
use crate::{
    store_contract, store_contract_incidents, store_contract_jobs, store_contract_journeys, store_contract_lessons,
    store_contract_live, store_contract_mentions, store_contract_people, store_contract_personas,
    store_contract_ratings, store_contract_themes, store_contract_tickets,
};

const HOW: &str = "no PostgreSQL to test on: install it (apt-get install postgresql) or set SADA_TEST_POSTGRES_URL";

/// A cluster that lives as long as the value.
struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    fn make() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let cluster = Self { programs, folder, port };
        if as_root() {
            let status = Command::new("chown").arg("postgres").arg(cluster.folder.path()).status().expect("chown runs");
            assert!(status.success(), "the folder can't be given to the user postgres");
        }
        let data = cluster.data();
        cluster
            .run("initdb", &["--auth=trust", "--username=sada", "--encoding=UTF8", "--no-locale", "-N", "-D", &data]);
        cluster.start();
        Some(cluster)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn start(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off", self.port);
        self.run("pg_ctl", &["start", "-w", "-D", &self.data(), "-l", &format!("{folder}/log"), "-o", &options]);
    }

    fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate", "-D", &self.data()]);
    }

    fn url(&self) -> String {
        format!("postgres://sada@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs one of PostgreSQL's programs, which refuse to run as root.
    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if as_root() { Command::new("runuser") } else { Command::new(&program) };
        if as_root() {
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.stderr(Stdio::null()).status().expect("the program runs");
        assert!(status.success(), "{} {arguments:?} failed: {status}", program.display());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if Path::new(&self.data()).join("postmaster.pid").exists() {
            self.stop();
        }
    }
}

fn as_root() -> bool {
    let owner = Command::new("id").arg("-u").output().expect("id runs");
    owner.stdout.starts_with(b"0\n")
}

/// Where the newest server's programs are.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found = versions.map(|version| version.path().join("bin")).collect::<Vec<_>>();
    found.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    found.retain(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists());
    found.sort();
    found.pop()
}

/// The server's URL with another database, which is made anew.
async fn fresh(server: &str, name: &str) -> DatabaseSettings {
    let mut connection = sqlx::AnyConnection::connect(server).await.expect("the server of the tests answers");
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("made");
    }
    connection.close().await.expect("closed");
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let (base, _) = base.rsplit_once('/').expect("a URL with a database");
    DatabaseSettings { url: format!("{base}/{name}?{query}"), connections: 8 }
}

/// Runs each promise on a database of its own.
macro_rules! promises {
    ($server:expr; $($module:ident { $($promise:ident),+ $(,)? })+) => { $($(
        let settings = fresh($server, concat!("sada_test_", stringify!($promise))).await;
        let db = Db::open(&settings).await.expect("opened");
        println!("{}", stringify!($promise));
        $module::$promise(db.clone()).await;
        db.close().await;
    )+)+ };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract() {
    sqlx::any::install_default_drivers();
    let named = std::env::var("SADA_TEST_POSTGRES_URL").ok();
    let cluster = if named.is_some() { None } else { Cluster::make() };
    let Some(server) = named.or_else(|| cluster.as_ref().map(Cluster::url)) else {
        assert!(std::env::var_os("CI").is_none(), "{HOW}");
        println!("{HOW}");
        return;
    };
    every_promise! { promises &server; }
    if let Some(cluster) = cluster {
        a_server_that_goes_away_is_missed_and_found_again(&cluster).await;
    }
}

async fn a_server_that_goes_away_is_missed_and_found_again(cluster: &Cluster) {
    let settings = fresh(&cluster.url(), "sada_test_away").await;
    let db = Db::open(&settings).await.expect("opened");
    let absent = DatabaseSettings { url: settings.url.replace("sada_test_away", "nowhere"), ..settings.clone() };
    let error = Db::open(&absent).await.expect_err("no such database");
    assert!(matches!(error, Error::Refused { .. }), "{error}");

    let open = db.begin().await.expect("begun");
    cluster.stop();
    let error = open.commit().await.expect_err("gone");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    let error = db.ping().await.expect_err("gone");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    let error = db.begin().await.expect_err("gone");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    let error = Db::open(&settings).await.expect_err("gone");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");

    cluster.start();
    db.ping().await.expect("back");
    assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, 0);
    db.close().await;
}
