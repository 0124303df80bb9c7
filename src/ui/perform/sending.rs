//! Sends: runs, rounds of a watch, checks, the sandbox, a profile's credentials.

use std::borrow::Cow;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use super::{Checks, Incoming, Performer, gone_is_fine};
use crate::config::profiles;
use crate::config::remark::ConfigRemark;
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, DnsMode};
use crate::domain::record::Record;
use crate::engine::{self, Client, Options};
use crate::i18n::{Localize, tell};
use crate::store::details::written;
use crate::ui::export;
use crate::ui::message::Message;

impl Performer {
    /// Keeps what the checks have answered so far, without the rows that still wait.
    pub(super) fn on_checked(&mut self, (row, record): (u32, Option<Arc<Record>>)) -> Message {
        let Some(record) = record else {
            self.checks = None;
            return Message::ChecksFinished(row);
        };
        let mut kept = Record::clone(&record);
        if let Some(diagnosis) = &mut kept.diagnosis {
            diagnosis.checks.retain(|check| !check.waits());
        }
        let kept = Arc::new(kept);
        if let Some(history) = self.checks.as_ref().and_then(|checks| checks.kept.as_ref()) {
            // Checks are a dozen; a history that is that far behind has said so already.
            let _ = history.try_send(Arc::clone(&kept));
        }
        if let Err(error) = self.details().replace(row, kept) {
            let words =
                tell!(self.language(), "cannot write the verdict; keeping it in memory: %{error}", error = error);
            self.notice(words);
        }
        Message::Checked(row, record)
    }

    /// A way into the history for what changes in rows that are there already. `None` where nothing is
    /// recorded, as of the sandbox.
    pub(super) fn to_history(&self, connection: &Connection) -> Option<Sender<Arc<Record>>> {
        let recorder = self.recorder.as_ref().filter(|_| !matches!(connection.dns, DnsMode::Table(_)))?;
        let (sender, receiver) = tokio::sync::mpsc::channel(64);
        let mut committed = recorder.tee(receiver);
        tokio::spawn(async move { while committed.recv().await.is_some() {} });
        Some(sender)
    }

    /// Keeps what a watch made rows of.
    pub(super) fn keep_watched(&self, records: Vec<Arc<Record>>, connection: &Connection) {
        self.keep_details(&records);
        let Some(history) = self.to_history(connection) else { return };
        tokio::spawn(async move {
            for record in records {
                // A history that takes no more has said so.
                let _ = history.send(record).await;
            }
        });
    }

    pub(super) fn check(&mut self, row: u32, probe: Probe, connection: &Connection, recorded: bool) {
        let language = self.language();
        let started = self.details().get(row);
        let started = started.map_err(|error| Cow::Owned(export::unreadable(error, language)));
        let started = started.and_then(|record| {
            let client = Client::new(connection);
            let client = client.map_err(|error| tell!(language, "nothing was sent: %{error}", error = error))?;
            Ok((client, record))
        });
        match started {
            Ok((client, record)) => {
                let cancel = CancellationToken::new();
                let records = engine::check(&client, probe, record, &cancel);
                // A row of another session has its number there: here that would be another failure's.
                let kept = recorded.then(|| self.to_history(connection)).flatten();
                self.checks = Some(Checks { row, records, cancel, kept });
            }
            Err(reason) => self.tell(Message::NotStarted(reason.into_owned())),
        }
    }

    pub(super) fn start_run(&mut self, probes: Vec<Probe>, connection: &Connection, diagnose: bool) {
        // A client of its own for each run: when the run is over its idle connections, and the
        // timer that watches them, go with it.
        match Client::new(connection) {
            Ok(client) => {
                self.cancel = CancellationToken::new();
                let records = engine::run(&client, probes, Options { diagnose, ..self.options }, &self.cancel);
                // Names by table are the sandbox's, where failing is a rehearsal.
                let recorder = self.recorder.as_ref().filter(|_| !matches!(connection.dns, DnsMode::Table(_)));
                let records = match recorder {
                    Some(recorder) => recorder.tee(records),
                    None => records,
                };
                // The run ends by itself when it is cancelled.
                let records = written(&self.details, records, CancellationToken::new());
                self.incoming = Some(Incoming::Rows(records));
            }
            Err(error) => {
                let words = tell!(self.language(), "nothing was sent: %{error}", error = error);
                self.tell(Message::NotStarted(words.into_owned()));
            }
        }
    }

    /// Sends the watched requests again. Unchanged responses get no row and no history entry.
    pub(super) fn start_round(&mut self, probes: Vec<Probe>, connection: &Connection) {
        match Client::new(connection) {
            Ok(client) => {
                self.cancel = CancellationToken::new();
                let records = engine::run(&client, probes, self.options, &self.cancel);
                self.incoming = Some(Incoming::Round(records));
            }
            Err(error) => {
                let words = tell!(self.language(), "nothing was sent: %{error}", error = error);
                self.tell(Message::NotStarted(words.into_owned()));
            }
        }
    }

    /// On a thread of its own: its program may ask a person something elsewhere.
    pub(super) fn load_profile(&self, name: String) {
        let (messages, language) = (self.messages.clone(), self.language());
        tokio::task::spawn_blocking(move || {
            let loaded = profiles::open(&name, &|name| std::env::var(name).ok());
            let told = |remarks: Vec<ConfigRemark>| remarks.iter().map(|remark| remark.localize(language)).collect();
            let loaded = loaded
                .map(|(profile, remarks)| (Box::new(profile), told(remarks)))
                .map_err(|error| error.localize(language));
            gone_is_fine(messages.send(Message::ProfileLoaded(loaded)));
        });
    }

    pub(super) fn open_sandbox(&mut self) {
        let world = (self.open_sandbox)();
        let (messages, language) = (self.messages.clone(), self.language());
        self.opening = Some(tokio::spawn(async move {
            match world.await {
                Ok(world) => {
                    let ready = Message::SandboxReady(world.profiles, world.probes, world.targets);
                    gone_is_fine(messages.send(ready));
                    // The sandbox lives until this task is dropped with the program.
                    let _alive = world.alive;
                    std::future::pending::<()>().await;
                }
                Err(error) => {
                    let words = tell!(language, "cannot start the sandbox: %{error}", error = format!("{error:#}"));
                    gone_is_fine(messages.send(Message::NotStarted(words.into_owned())));
                }
            }
        }));
    }
}
