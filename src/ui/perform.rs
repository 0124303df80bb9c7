//! Performs effects: the one place of the screen that touches the outside.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, error::SendError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clipboard::{Clipboard, Place};
use super::effect::{CopyRows, Effect};
use super::message::Message;
use super::{Feed, OpenWorld};
use crate::diagnosis::Language;
use crate::domain::curl;
use crate::domain::probe::Probe;
use crate::domain::profile::Connection;
use crate::domain::record::Record;
use crate::engine::{self, Client, Options};
use crate::report::json;
use crate::store::Details;
use crate::store::worker::Worker;

/// What effects work on.
pub struct Performer {
    messages: UnboundedSender<Message>,
    details: Details,
    worker: Worker,
    clipboard: Clipboard,
    cancel: CancellationToken,
    records: Option<tokio::sync::mpsc::Receiver<Arc<Record>>>,
    /// What is said when the files behind `records` are read.
    said: Option<tokio::sync::oneshot::Receiver<Vec<String>>>,
    open_world: OpenWorld,
    opening: Option<JoinHandle<()>>,
    place: Place,
    options: Options,
}

impl Performer {
    /// A performer that reports through `messages`.
    ///
    /// # Errors
    /// When the system gives no thread for ordering.
    pub fn new(
        messages: UnboundedSender<Message>,
        open_world: OpenWorld,
        place: Place,
        language: Language,
    ) -> std::io::Result<Self> {
        let answers = messages.clone();
        Ok(Self {
            worker: Worker::start(move |ordered| gone_is_fine(answers.send(Message::Ordered(ordered))))?,
            messages,
            details: Details::default(),
            clipboard: Clipboard::new(place),
            cancel: CancellationToken::new(),
            records: None,
            said: None,
            open_world,
            opening: None,
            place,
            options: Options { language, ..Options::default() },
        })
    }

    /// The same with records to begin with.
    #[must_use]
    pub fn reading(mut self, feed: Option<Feed>) -> Self {
        if let Some(Feed { records, said }) = feed {
            self.records = Some(records);
            self.said = Some(said);
        }
        self
    }

    /// Waits for the run's next records; for ever while nothing runs.
    pub async fn next_records(&mut self) -> Message {
        let Some(records) = &mut self.records else { return std::future::pending().await };
        let mut batch = Vec::new();
        if records.recv_many(&mut batch, 1024).await == 0 {
            if let Some(said) = &mut self.said {
                // Nothing is given up before it is there: this wait may be dropped and begun anew.
                let lines = said.await.unwrap_or_default();
                self.said = None;
                self.tell(Message::Read(lines));
            }
            self.records = None;
            return Message::Finished;
        }
        if let Err(error) = self.details.append(&batch) {
            self.tell(Message::Notice(format!("details stay in memory, the disk takes none: {error}")));
        }
        Message::Records(batch)
    }

    fn tell(&self, message: Message) {
        gone_is_fine(self.messages.send(message));
    }

    /// Performs what needs neither the screen nor the end of the program.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::StartRun(probes, connection) => self.start_run(probes, &connection),
            Effect::CancelRun => {
                self.cancel.cancel();
                // A file that never ends, such as a pipe, is not waited for.
                if let (Some(_), Some(records)) = (self.said.take(), &mut self.records) {
                    records.close();
                }
            }
            Effect::OpenSandbox => self.open_sandbox(),
            Effect::Order(request) => self.worker.ask(request),
            Effect::LoadDetail(row) => match self.details.get(row) {
                Ok(record) => self.tell(Message::Detail(row, record)),
                Err(error) => self.tell(Message::Notice(format!("the detail cannot be read back: {error}"))),
            },
            Effect::Copy { label, text } => self.copy(label, &text),
            Effect::CopyRows { what, rows } => self.copy_rows(what, &rows),
            Effect::Open(url) => {
                let opened = self.place.desktop && !self.place.remote && open::that_detached(&url).is_ok();
                self.tell(Message::Opened(if opened { Ok(()) } else { Err(url) }));
            }
            Effect::TakeMouse(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    fn start_run(&mut self, probes: Vec<Probe>, connection: &Connection) {
        // A client of its own for each run: when the run is over its idle connections, and the
        // timer that watches them, go with it.
        match Client::new(connection) {
            Ok(client) => {
                self.cancel = CancellationToken::new();
                self.records = Some(engine::run(&client, probes, self.options, &self.cancel));
            }
            Err(error) => self.tell(Message::NotStarted(format!("nothing was sent: {error}"))),
        }
    }

    fn open_sandbox(&mut self) {
        let world = (self.open_world)();
        let messages = self.messages.clone();
        self.opening = Some(tokio::spawn(async move {
            match world.await {
                Ok(world) => {
                    let ready = Message::SandboxReady(world.profiles, world.probes, world.targets);
                    gone_is_fine(messages.send(ready));
                    // The sandbox lives until this task is dropped with the program.
                    let _alive = world.alive;
                    std::future::pending::<()>().await;
                }
                Err(error) => gone_is_fine(messages.send(Message::NotStarted(format!("no sandbox: {error:#}")))),
            }
        }));
    }

    fn copy(&mut self, label: String, text: &str) {
        let copied = self.clipboard.copy(text).ok_or_else(|| text.to_owned());
        self.tell(Message::Copied(label, copied));
    }

    fn copy_rows(&mut self, what: CopyRows, rows: &[u32]) {
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            match self.details.get(*row) {
                Ok(record) => lines.push(match what {
                    CopyRows::Json => json::line(&record),
                    CopyRows::Curl => curl::line(&record),
                }),
                Err(error) => return self.tell(Message::Notice(format!("the row cannot be read back: {error}"))),
            }
        }
        let label = match what {
            CopyRows::Json => "Row as JSON",
            CopyRows::Curl => "curl line",
        };
        self.copy(label.to_owned(), &lines.join("\n"));
    }
}

impl Drop for Performer {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(opening) = &self.opening {
            opening.abort();
        }
    }
}

/// When nobody listens any more the program is leaving, and there is nobody to tell.
fn gone_is_fine(sent: Result<(), SendError<Message>>) {
    drop(sent);
}
