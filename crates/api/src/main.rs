//! The program `rapport`.

use std::process::ExitCode;

/// Requests make and drop many small pieces on several threads, which this allocator is quick at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rapport_api::cli::run()
}
