//! Sends in bulk and compares with tools that neither sign nor parse nor keep anything.
//!
//! `cargo bench --bench probe` starts nginx with an answer of 403 and a COS error document of 416 bytes, and runs
//! in turn `oha -c 32`, `curl --parallel --parallel-max 32`, and the release build of cosdiag with 32 in flight,
//! csv to nowhere, with and without history, and a twentieth of the requests by the vendor's SDKs for Node.js and
//! Python. Ratios within a round are what counts. A peer that is not there is named and left out. `REQUESTS` and
//! `ROUNDS` in the environment change the size; `BEFORE` names another build of cosdiag to compare with this one.
//!
//! `npm install --prefix FOLDER cos-nodejs-sdk-v5` and `pip install --target FOLDER/python cos-python-sdk-v5`
//! fetch the SDKs; `PEERS` names that folder.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use measure::{Taken, measure};
use peers::{is_there, spread};

#[path = "support/measure.rs"]
mod measure;
#[path = "support/peers.rs"]
mod peers;

/// The sizes of plan whose cost is measured.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// The SDKs are slow, so they send one request for this many of the others.
const FEWER: usize = 20;

/// A program of the comparison and what it took in each round.
struct Contender {
    name: &'static str,
    requests: usize,
    run: Box<dyn Fn() -> Command>,
    taken: Vec<Taken>,
}

#[expect(clippy::cast_precision_loss, reason = "counts far below what a float holds")]
impl Contender {
    /// Requests a second, in a round.
    fn rate(&self, taken: &Taken) -> f64 {
        self.requests as f64 / taken.wall.as_secs_f64()
    }

    /// Microseconds of CPU time a request, in a round.
    fn cpu(&self, taken: &Taken) -> f64 {
        taken.cpu.as_secs_f64() * 1e6 / self.requests as f64
    }

    /// This one's rate by another's, round by round.
    fn ratios(&self, peer: &Self) -> Vec<f64> {
        self.taken.iter().zip(&peer.taken).map(|(ours, theirs)| self.rate(ours) / peer.rate(theirs)).collect()
    }
}

/// What must be reached: requests a second by those of a peer.
const TARGETS: [(&str, &str, &str); 4] = [
    ("cosdiag", "oha", "0.40"),
    ("cosdiag", "curl", "1.3"),
    ("cosdiag", "Node SDK", "8"),
    ("cosdiag with history", "oha", "0.25"),
];

/// nginx, which ends with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Its workers end with their master when that is asked kindly.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if asked.is_err() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// The body: 416 bytes.
fn error_document() -> String {
    let head =
        "<?xml version='1.0' encoding='utf-8' ?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message>";
    let resource = "<Resource>photos-1250000000.cos.ap-guangzhou.myqcloud.com/key</Resource>";
    let id = "<RequestId>NjVmYTEyMzRfYTAxMjNlMGJfMTNlZV8x</RequestId>";
    let (open, close) = ("<TraceId>", "</TraceId></Error>");
    let left = 416 - head.len() - resource.len() - id.len() - open.len() - close.len();
    format!("{head}{resource}{id}{open}{}{close}", "OGVmYzZiMmQ".repeat(left).split_at(left).0)
}

fn serve(folder: &Path) -> Option<(Server, u16)> {
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let conf = format!(
        "daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/error.log crit;
        events {{ worker_connections 2048; }}
        http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; default_type application/xml;
            client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
            uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
            server {{ listen 127.0.0.1:{port}; location / {{
                add_header x-cos-request-id NjVmYTEyMzRfYTAxMjNlMGJfMTNlZV8x always; return 403 \"{}\"; }} }} }}",
        error_document(),
        folder = folder.display(),
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, conf).ok()?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(command.spawn().ok()?);
    let until = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Some((server, port))
}

fn cosdiag(program: &str, port: u16, targets: &Path, history: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    command.args(["probe", "--op", "get-object", "--scheme", "http", "--region", "ap-guangzhou"]);
    command.args(["--format", "csv", "--concurrency", "32", "--connect-to", &format!("127.0.0.1:{port}")]);
    command.arg("--targets-from").arg(targets);
    command.env("COS_SECRET_ID", "AKIDfakeIDfakeIDfakeIDfakeIDfakeID01");
    command.env("COS_SECRET_KEY", "fakeKEYfakeKEYfakeKEYfakeKEY0123");
    match history {
        Some(file) => {
            let _ = fs::remove_file(file);
            command.env("COSDIAG_HISTORY", file)
        }
        None => command.arg("--no-history"),
    };
    command
}

fn write_targets(path: &Path, count: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    for at in 0..count {
        writeln!(file, "photos-1250000000/photos/2026/11/{at:08}.jpg").expect("written");
    }
    file.flush().expect("written");
}

/// An SDK by its interpreter and script, where it can be loaded.
fn sdk(interpreter: &str, script: &str, load: [&str; 2]) -> Option<impl Fn(u16, usize) -> Command + use<>> {
    let peers = std::env::var("PEERS").unwrap_or_else(|_| ".".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    let interpreter = interpreter.to_owned();
    let start = move || {
        let mut command = Command::new(&interpreter);
        command.env("NODE_PATH", format!("{peers}/node_modules")).env("PYTHONPATH", format!("{peers}/python"));
        command
    };
    let loaded = start().args(load).output().is_ok_and(|output| output.status.success());
    loaded.then_some(move |port: u16, requests: usize| {
        let mut command = start();
        command.arg(&script).arg(port.to_string()).arg(requests.to_string());
        command
    })
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
#[expect(clippy::cast_precision_loss, reason = "counts far below what a float holds")]
fn main() {
    let (requests, rounds) = (number("REQUESTS", 50_000), number("ROUNDS", 3));
    let folder = tempfile::tempdir().expect("a folder");
    let Some((_server, port)) = serve(folder.path()) else {
        println!("nginx does not start: install nginx-light");
        return;
    };
    let targets = folder.path().join("targets");
    write_targets(&targets, requests);
    let ours = env!("CARGO_BIN_EXE_cosdiag").to_owned();
    let database = folder.path().join("history.db");
    let probe = |program: &str, history: Option<&Path>| {
        let (program, list, history) = (program.to_owned(), targets.clone(), history.map(Path::to_owned));
        Box::new(move || cosdiag(&program, port, &list, history.as_deref()))
    };
    let url = format!("http://127.0.0.1:{port}/photos/2026/11/");
    let all = url.clone();
    let by_oha = move || {
        let mut oha = Command::new("oha");
        oha.args(["-c", "32", "-n", &requests.to_string(), "--no-tui", &all]);
        oha
    };
    let by_curl = move || {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--parallel", "--parallel-max", "32", "--output", "/dev/null"]);
        curl.arg(format!("{url}[1-{requests}]"));
        curl
    };
    let contender = |name, run: Box<dyn Fn() -> Command>| Contender { name, requests, run, taken: Vec::new() };
    let mut contenders = vec![
        contender("oha", Box::new(by_oha)),
        contender("curl", Box::new(by_curl)),
        contender("cosdiag", probe(&ours, None)),
        contender("cosdiag with history", probe(&ours, Some(&database))),
    ];
    if let Ok(before) = std::env::var("BEFORE") {
        contenders.push(contender("before", probe(&before, None)));
        contenders.push(contender("before, with history", probe(&before, Some(&database))));
    }
    for absent in ["oha", "curl"].into_iter().filter(|peer| !is_there(peer)) {
        println!("{absent} is not on the path: no ratio to it");
        contenders.retain(|contender| contender.name != absent);
    }
    for (name, interpreter, script, load) in [
        ("Node SDK", "node", "sdk.js", ["-e", "require('cos-nodejs-sdk-v5')"]),
        ("Python SDK", "python3", "sdk.py", ["-c", "import qcloud_cos"]),
    ] {
        let Some(run) = sdk(interpreter, script, load) else {
            println!("{name} cannot be loaded: no ratio to it");
            continue;
        };
        let fewer = (requests / FEWER).max(1);
        let run = Box::new(move || run(port, fewer));
        contenders.push(Contender { requests: fewer, ..contender(name, run) });
    }
    for _ in 0..rounds {
        for contender in &mut contenders {
            contender.taken.push(measure((contender.run)()));
        }
    }
    println!("{requests} requests, 32 in flight, {rounds} rounds{:>22} {:>9} {:>9}", "min", "median", "max");
    for contender in &contenders {
        let rates = contender.taken.iter().map(|taken| contender.rate(taken)).collect();
        println!("{:<22} requests/s          {}", contender.name, spread(rates));
        let cpu = contender.taken.iter().map(|taken| contender.cpu(taken)).collect();
        let target = if contender.name == "cosdiag" { "  (target: at most 25)" } else { "" };
        println!("{:<22} CPU µs a request    {}{target}", contender.name, spread(cpu));
    }
    for (ours, peer, target) in TARGETS {
        let find = |name| contenders.iter().find(|contender| contender.name == name);
        let (Some(ours), Some(peer)) = (find(ours), find(peer)) else { continue };
        println!("{:<22} × {:<17} {}  (target: {target})", ours.name, peer.name, spread(ours.ratios(peer)));
    }
    for size in SIZES {
        write_targets(&targets, size);
        let grown = Contender { requests: size, ..contender("cosdiag", probe(&ours, None)) };
        let taken = measure((grown.run)());
        println!(
            "{size:>9} targets: {:>6.0} requests/s, {:>4.0} µs CPU a request, {:>3.0} MB at the peak  (target: at most 60)",
            grown.rate(&taken),
            grown.cpu(&taken),
            taken.peak as f64 / 1024.0
        );
    }
}
