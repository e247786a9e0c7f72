//! The `sada` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    sada::cli::main()
}
