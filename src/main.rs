//! The program: parse, run, and turn the result into an exit status.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cosdiag::cli::run(std::env::args_os()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Standard error may be closed; the exit status still says it.
            let _ = writeln!(std::io::stderr(), "cosdiag: {}", cosdiag::cli::one_line(&error));
            ExitCode::from(2)
        }
    }
}
