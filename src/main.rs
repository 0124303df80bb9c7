//! The program: parse, run, and turn the result into an exit status.

use std::io::Write;
use std::process::ExitCode;

/// A run makes its records on one thread and frees them on another, which costs the system's allocator half of
/// the CPU time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
