//! `sada serve`: the HTTP interface and the worker, until a signal.

use anyhow::Result;

use super::{Global, ready};
use crate::clock::Clock;
use crate::{server, telemetry};

/// What `serve` understands.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Address to listen on, with the port [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Port to listen on, on this machine only.
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    port: Option<u16>,
}

/// Serves until Ctrl-C or a termination signal.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    let listen = args.listen.or_else(|| args.port.map(|port| format!("127.0.0.1:{port}")));
    let config = global.load_with(listen.map(|listen| ("server.listen", listen)).into_iter().collect())?;
    telemetry::init(&config.log)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = server::listen(&config).await?;
        let reader = tokio::task::block_in_place(|| ready::reader(&config))?;
        let opened = server::open(&config, Clock::system(), reader).await?;
        println!("ready http://{}", listener.local_addr()?);
        server::run(opened, listener, &config, telemetry::metrics(), server::stop_signal()).await
    })
}
