//! An access log of COS.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cosdiag::domain::request_id;

/// One request of the log.
pub struct Line {
    pub time: jiff::Timestamp,
    pub status: &'static str,
    pub code: &'static str,
    pub message: &'static str,
    pub key: String,
    pub took: u32,
    pub id: String,
}

impl Line {
    /// The line of this number in a log of which one line in `every` is a failure.
    pub fn of(number: u32, every: u32) -> Self {
        let (status, code, message) = match (number % every, number / every % 2) {
            (0, 0) => ("404", "NoSuchKey", "\"The specified key does not exist.\""),
            (0, _) => ("403", "AccessDenied", "\"Access Denied.\""),
            _ => ("200", "-", "-"),
        };
        let seconds = 1_543_662_000 + i64::from(number / 500);
        Self {
            time: jiff::Timestamp::from_second(seconds).unwrap_or_default(),
            status,
            code,
            message,
            key: format!("photos/2018/12/{number:08}.jpg"),
            took: 20 + number % 80,
            id: request_id::encode(seconds, 0xa012_3e0b, 0x13ee, number),
        }
    }
}

/// Writes a log of which one line in `every` is a failure. Returns its size in bytes.
pub fn write_log(path: &Path, lines: u32, every: u32) -> std::io::Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    for number in 0..lines {
        let Line { time, status, code, message, key, took, id } = Line::of(number, every);
        // Without spaces, so that gawk counts right: spaces are what it splits at.
        let user_agent = "Mozilla/5.0%20(X11;%20Linux%20x86_64)%20AppleWebKit/537.36%20Chrome/126.0";
        writeln!(
            out,
            "1.0 examplebucket-1250000000 ap-guangzhou {time} examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com GetObject \
             192.0.2.{} AKIDEXAMPLE0000000000000000000000000 - 512 0 /{key} get {user_agent} {status} {code} {message} \
             197 {took} USER STANDARD 100000000001 {} 100000000001:100000000002 {id} 83886 - - https://www.example.com/gallery \
             \"GET /{key} HTTP/1.1\" -",
            number % 250,
            5 + number % 15,
        )?;
    }
    out.flush()?;
    Ok(out.get_ref().metadata()?.len())
}
