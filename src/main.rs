//! The `sada` command.

fn main() {}
