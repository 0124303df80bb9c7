//! What a run of a program takes, as the system counts it.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a program took.
#[derive(Clone, Copy)]
pub struct Taken {
    /// From start to end.
    pub wall: Duration,
    /// User and system time of all its threads.
    pub cpu: Duration,
    /// Its largest resident memory in KiB.
    pub peak: u64,
}

/// Runs a program to its end. What it took is read before it is waited for, while the system still knows.
pub fn measure(mut command: Command) -> Taken {
    let began = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let folder = format!("/proc/{}", child.id());
    let mut peak = 0;
    let (cpu, wall) = loop {
        let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let now = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = peak.max(now.unwrap_or(0));
        let stat = fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
        // After the name, which may hold spaces: the state is the first field, the times the twelfth and thirteenth.
        let fields: Vec<_> = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
        if fields.len() < 13 || fields[0] == "Z" {
            let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok()).unwrap_or(0);
            // The kernel counts these in hundredths of a second, whatever its own clock is.
            break (Duration::from_millis(10) * (ticks(11) + ticks(12)), began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let _ = child.wait();
    Taken { wall, cpu, peak }
}
