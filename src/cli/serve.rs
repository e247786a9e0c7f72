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
    /// Language model that writes answers: a GGUF file, or a name of `sada models list`.
    #[arg(long, value_name = "MODEL", env = "SADA_LLM")]
    llm: Option<String>,
}

/// Serves until Ctrl-C or a termination signal.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    let listen = args.listen.or_else(|| args.port.map(|port| format!("127.0.0.1:{port}")));
    let flags = [("server.listen", listen), ("llm.path", args.llm)];
    let config = global.load_with(flags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())?;
    telemetry::init(&config.log)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = server::listen(&config).await?;
        let reader = tokio::task::block_in_place(|| ready::reader(&config))?;
        let writer = tokio::task::block_in_place(|| ready::writer(&config))?;
        let mut opened = server::open(&config, Clock::system(), reader).await?;
        opened.app.writer = writer;
        println!("ready http://{}", listener.local_addr()?);
        server::run(opened, listener, &config, telemetry::metrics(), server::stop_signal()).await
    })
}
