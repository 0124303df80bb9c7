//! Other programs to compare with, and how the times of several rounds are shown.

use std::process::Command;

/// Whether a program is on the path.
pub fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Smallest, median and largest.
pub fn spread(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    match (values.first(), values.get(values.len() / 2), values.last()) {
        (Some(least), Some(median), Some(most)) => format!("{least:>9.2} {median:>9.2} {most:>9.2}"),
        _ => format!("{:>9} {:>9} {:>9}", "-", "-", "-"),
    }
}
