//! Performs effects: the one place of the screen that touches the outside.

mod opening;
mod saving;
mod sending;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, error::SendError, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clipboard::{Clipboard, ClipboardEnv};
use super::effect::Effect;
use super::export;
use super::lookups;
use super::message::Message;
use super::model::session::Read;
use super::{Annotate, Preloaded, SandboxFactory, Sources};
use crate::domain::record::Record;
use crate::engine::Options;
use crate::i18n::{Language, tell};
use crate::store::details::{Written, written};
use crate::store::worker::Worker;
use crate::store::{Details, Recorder};

/// Where records come from and where they go.
pub struct Records {
    /// Those that the screen opens on.
    pub preloaded: Option<Preloaded>,
    /// What records failures before they are shown.
    pub recorder: Option<Recorder>,
    /// Where rows come from that are opened later.
    pub sources: Option<Arc<dyn Sources>>,
}

/// The checks of one row that are being run.
struct Checks {
    row: u32,
    records: Receiver<Arc<Record>>,
    cancel: CancellationToken,
    /// To the history, in the place of what it has of the row.
    kept: Option<Sender<Arc<Record>>>,
}

/// Records that come.
enum Incoming {
    /// To be rows, written already.
    Rows(Receiver<Written>),
    /// Of a round of a watch: most of them become no rows.
    Round(Receiver<Arc<Record>>),
}

/// What came: rows, a round's answers, or the end.
enum Came {
    Rows(Written),
    Round(Vec<Arc<Record>>),
    End,
}

/// Rows from elsewhere, or why there are none.
type Opened = Result<Preloaded, String>;

/// What effects work on.
pub struct Performer {
    messages: UnboundedSender<Message>,
    details: Arc<Mutex<Details>>,
    time_zone: TimeZone,
    worker: Worker,
    clipboard: Clipboard,
    cancel: CancellationToken,
    incoming: Option<Incoming>,
    /// What became of the files behind `incoming`, when they are read.
    read: Option<oneshot::Receiver<Read>>,
    annotate: Option<Annotate>,
    checks: Option<Checks>,
    /// Pasted texts that were looked through: from a thread of their own, to be rows.
    pasted: (UnboundedSender<lookups::Read>, UnboundedReceiver<lookups::Read>),
    recorder: Option<Recorder>,
    sources: Option<Arc<dyn Sources>>,
    /// Rows that were opened: from a thread of their own.
    opened: (UnboundedSender<Opened>, UnboundedReceiver<Opened>),
    /// The records of the rows behind those that were opened.
    behind: Vec<(Arc<Mutex<Details>>, Option<Annotate>)>,
    open_sandbox: SandboxFactory,
    opening: Option<JoinHandle<()>>,
    place: ClipboardEnv,
    language: Language,
    options: Options,
}

impl Performer {
    /// A performer that reports through `messages`.
    ///
    /// # Errors
    /// When the system gives no thread for ordering.
    pub fn new(
        messages: UnboundedSender<Message>,
        open_sandbox: SandboxFactory,
        place: ClipboardEnv,
        language: Language,
        records: Records,
    ) -> std::io::Result<Self> {
        let answers = messages.clone();
        let (details, cancel) = (Arc::default(), CancellationToken::new());
        let (incoming, read, annotate) = match records.preloaded {
            Some(Preloaded { records, read, annotate, .. }) => {
                (Some(Incoming::Rows(written(&details, records, cancel.clone()))), read, annotate)
            }
            None => (None, None, None),
        };
        Ok(Self {
            worker: Worker::start(move |ordered| gone_is_fine(answers.send(Message::Ordered(ordered))))?,
            messages,
            details,
            time_zone: TimeZone::system(),
            clipboard: Clipboard::new(place),
            cancel,
            incoming,
            read,
            annotate,
            checks: None,
            pasted: unbounded_channel(),
            recorder: records.recorder,
            sources: records.sources,
            opened: unbounded_channel(),
            behind: Vec::new(),
            open_sandbox,
            opening: None,
            place,
            options: Options::default(),
            language,
        })
    }

    /// Waits for the next records of the run or of the checks, or of those given; for ever while
    /// nothing comes.
    pub async fn next_records(&mut self) -> Message {
        let came = tokio::select! {
            came = next_of_run(&mut self.incoming) => came,
            checked = next_of_checks(&mut self.checks) => return self.on_checked(checked),
            Some(opened) = self.opened.1.recv() => return self.on_opened(opened),
            Some((pasted, said)) = self.pasted.1.recv() => {
                self.keep_details(&pasted);
                return Message::PastedRead(pasted, said);
            }
        };
        match came {
            Came::Rows(Written { occurrences, places, written }) => {
                self.details().append_written(&occurrences, &places);
                self.tell_kept(written);
                if let Some(recorder) = &self.recorder {
                    self.tell(Message::Recorded(recorder.recorded()));
                }
                Message::Records(occurrences)
            }
            Came::Round(records) => Message::Watched(records),
            Came::End => {
                if let Some(read) = &mut self.read {
                    // Nothing is given up before it is there: this wait may be dropped and started again.
                    let read = read.await;
                    self.read = None;
                    if let Ok(read) = read {
                        self.tell(Message::Read(read));
                    }
                }
                self.incoming = None;
                Message::Finished
            }
        }
    }

    fn keep_details(&self, batch: &[Arc<Record>]) {
        let kept = self.details().append(batch);
        self.tell_kept(kept);
    }

    fn tell_kept(&self, kept: std::io::Result<()>) {
        if let Err(error) = kept {
            self.notice(tell!(
                self.language(),
                "cannot write temporary data; keeping it in memory: %{error}",
                error = error
            ));
        }
    }

    fn language(&self) -> Language {
        self.language
    }

    fn details(&self) -> MutexGuard<'_, Details> {
        self.details.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, message: Message) {
        gone_is_fine(self.messages.send(message));
    }

    fn notice(&self, words: Cow<'static, str>) {
        self.tell(Message::Failed(words.into_owned()));
    }

    /// Performs what needs neither the screen nor the end of the program.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::StartRun(probes, connection) => self.start_run(probes, &connection, false),
            Effect::StartChecked(probes, connection) => self.start_run(probes, &connection, true),
            Effect::StartRound(probes, connection) => self.start_round(probes, &connection),
            Effect::Keep(records, connection) => self.keep_watched(records, &connection),
            Effect::FindRuns { opens } => self.find_runs(opens),
            Effect::FindSent => self.find_sent(),
            Effect::OpenHistory(asked) => self.open(move |sources| sources.history(&asked)),
            Effect::OpenFiles(files) => self.open(move |sources| sources.files(&lookups::at_home(&files))),
            Effect::CloseEarlier => self.close_earlier(),
            Effect::ListFolder(folder) => self.list_folder(folder),
            Effect::FindTargets(find) => self.find_targets(*find),
            Effect::ReadPasted(pasted) => self.read_pasted(*pasted),
            Effect::CancelRun => {
                self.cancel.cancel();
                // A file that never ends, such as a pipe, is not waited for.
                self.read = None;
            }
            Effect::Check { row, probe, connection, recorded } => self.check(row, *probe, &connection, recorded),
            Effect::CancelChecks => {
                if let Some(checks) = &self.checks {
                    checks.cancel.cancel();
                }
            }
            Effect::OpenSandbox => self.open_sandbox(),
            Effect::LoadProfile(name) => self.load_profile(name),
            Effect::Order(request) => self.worker.ask(request),
            Effect::LoadDetail(row) => match self.record(row) {
                Ok(record) => self.tell(Message::Detail(row, record)),
                Err(error) => self.tell(Message::NoDetail(row, export::unreadable(error, self.language()))),
            },
            Effect::ReadPair(rows) => {
                let language = self.language();
                self.beside(move |read| match (read(rows[0]), read(rows[1])) {
                    (Ok(one), Ok(other)) => Message::PairRead(rows, [one, other]),
                    (Err(error), _) | (_, Err(error)) => Message::Failed(export::unreadable(error, language)),
                });
            }
            Effect::Copy { label, text } => self.copy(label, &text),
            Effect::CopyRows { what, rows } => self.copy_rows(what, rows),
            Effect::Ticket { rows, who, proxies, keys, to_file } => self.ticket(rows, who, proxies, keys, to_file),
            Effect::SaveCsv(rows) => {
                let (time_zone, language) = (self.time_zone.clone(), self.language());
                self.beside(move |read| export::csv(&rows, read, &time_zone, language));
            }
            Effect::SaveEvidence(rows) => self.save_evidence(rows),
            Effect::SaveNote { row, note, sent } => self.save_note(row, &note, sent),
            Effect::SaveSettings(file, edits) => self.save_settings(&file, &edits),
            Effect::Speak(language) => self.language = language,
            Effect::Open(url) => {
                let opened = self.place.desktop && !self.place.remote && open::that_detached(&url).is_ok();
                self.tell(Message::ToolOpened(if opened { Ok(()) } else { Err(url) }));
            }
            Effect::TakeMouse(_) | Effect::Redraw | Effect::Suspend | Effect::Quit(_) => {}
        }
    }

    #[cfg(test)]
    pub(super) fn keep(&self, records: &[Arc<Record>]) {
        self.details().append(records).expect("kept");
    }

    fn record(&self, row: u32) -> std::io::Result<Arc<Record>> {
        self.details().get(row)
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

/// When the receiver is gone the program is quitting: the message can be dropped.
fn gone_is_fine(sent: Result<(), SendError<Message>>) {
    drop(sent);
}

async fn next_of_run(incoming: &mut Option<Incoming>) -> Came {
    match incoming {
        Some(Incoming::Rows(records)) => records.recv().await.map_or(Came::End, Came::Rows),
        Some(Incoming::Round(records)) => {
            let mut batch = Vec::new();
            if records.recv_many(&mut batch, 1024).await == 0 { Came::End } else { Came::Round(batch) }
        }
        None => std::future::pending().await,
    }
}

async fn next_of_checks(checks: &mut Option<Checks>) -> (u32, Option<Arc<Record>>) {
    match checks {
        Some(checks) => (checks.row, checks.records.recv().await),
        None => std::future::pending().await,
    }
}
