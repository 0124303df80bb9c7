//! What several test files share: the built program in a scrubbed environment, and a sandbox for it.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output};

use cosdiag::domain::credentials::Credentials;
use cosdiag::sandbox::{Role, Sandbox, account};
use serde_json::Value;

/// The built program, with nothing of this machine's environment but what is given.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cosdiag"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("COSDIAG_HISTORY", "/dev/null");
    command
}

/// The program with an account of the sandbox in its environment.
pub fn program_as(role: Role, arguments: &[&str]) -> Command {
    let credentials: Credentials = account(role);
    let mut command = program(arguments);
    command.env("COS_SECRET_ID", &credentials.id).env("COS_SECRET_KEY", credentials.expose_key());
    if let Some(token) = credentials.expose_token() {
        command.env("COS_TOKEN", token);
    }
    command
}

/// Standard output and error as text, and the exit status.
pub fn run(command: &mut Command) -> (String, String, i32) {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(stdout), text(stderr), status.code().expect("an exit status"))
}

/// The sandbox's account of this profile name; `None` for the anonymous one.
pub fn role(name: &str) -> Option<Role> {
    Some(match name {
        "owner" => Role::Owner,
        "sub-user" => Role::SubUser,
        "stranger" => Role::Stranger,
        "temporary" => Role::Temporary,
        "expired-token" => Role::ExpiredTemporary,
        "wrong-key" => Role::WrongKey,
        "unknown-id" => Role::Unknown,
        "anonymous" => return None,
        other => panic!("no account {other}"),
    })
}

/// A sandbox that serves while the test runs, on a runtime of its own.
pub struct Served {
    /// Its address.
    pub address: SocketAddr,
    sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// The certificate that its certificates are signed with.
    pub fn ca_pem(&self) -> Vec<u8> {
        self.sandbox.ca_pem().to_vec()
    }

    /// How many requests it has answered.
    pub fn requests(&self) -> u64 {
        self.sandbox.requests()
    }
}

/// Starts a sandbox.
pub fn serve() -> Served {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("a sandbox");
    Served { address: sandbox.addr(), sandbox, _runtime: runtime }
}

/// A sample's path.
pub fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name).display().to_string()
}

/// The rows as JSON, what was said, and the exit status.
pub fn imported(arguments: &[&str]) -> (Vec<Value>, String, i32) {
    let all: Vec<&str> = ["import", "--format", "ndjson"].into_iter().chain(arguments.iter().copied()).collect();
    let (out, err, status) = run(&mut program(&all));
    let rows = out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    (rows.collect(), err, status)
}
