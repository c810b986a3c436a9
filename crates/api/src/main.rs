//! The program `rapport`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rapport_api::cli::run()
}
