//! Performs effects: the one place of the screen that touches the outside.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, error::SendError, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clipboard::{self, Clipboard, Place};
use super::effect::{CopyRows, Effect, FindTargets, Pasted};
use super::lookups;
use super::message::Message;
use super::model::session::Read;
use super::saved;
use super::{Annotate, OpenWorld, Preloaded, Sources};
use crate::config::profiles;
use crate::config::remark::ConfigRemark;
use crate::config::save::{self, Edit};
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, DnsMode};
use crate::domain::record::Record;
use crate::engine::redact::Redactor;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, Localize, tell};
use crate::report::curl;
use crate::report::ticket::{Facts, Who};
use crate::report::{json, part};
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
    records: Option<Receiver<Arc<Record>>>,
    /// What became of the files behind `records`, when they are read.
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
    /// The run is a round of a watch.
    is_round: bool,
    open_world: OpenWorld,
    opening: Option<JoinHandle<()>>,
    place: Place,
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
        open_world: OpenWorld,
        place: Place,
        language: Language,
        records: Records,
    ) -> std::io::Result<Self> {
        let answers = messages.clone();
        let (preloaded, read, annotate) = match records.preloaded {
            Some(preloaded) => (Some(preloaded.records), preloaded.read, preloaded.annotate),
            None => (None, None, None),
        };
        Ok(Self {
            worker: Worker::start(move |ordered| gone_is_fine(answers.send(Message::Ordered(ordered))))?,
            messages,
            details: Arc::default(),
            time_zone: TimeZone::system(),
            clipboard: Clipboard::new(place),
            cancel: CancellationToken::new(),
            records: preloaded,
            read,
            annotate,
            checks: None,
            pasted: unbounded_channel(),
            recorder: records.recorder,
            sources: records.sources,
            opened: unbounded_channel(),
            behind: Vec::new(),
            is_round: false,
            open_world,
            opening: None,
            place,
            options: Options::default(),
            language,
        })
    }

    /// Waits for the next records of the run or of the checks, or of those given; for ever while
    /// nothing comes.
    pub async fn next_records(&mut self) -> Message {
        let mut batch = Vec::new();
        tokio::select! {
            count = next_of_run(&mut self.records, &mut batch) => {
                if count == 0 {
                    if let Some(read) = &mut self.read {
                        // Nothing is given up before it is there: this wait may be dropped and begun anew.
                        let read = read.await;
                        self.read = None;
                        if let Ok(read) = read {
                            self.tell(Message::Read(read));
                        }
                    }
                    self.records = None;
                    return Message::Finished;
                }
            }
            checked = next_of_checks(&mut self.checks) => return self.on_checked(checked),
            Some(opened) = self.opened.1.recv() => return self.on_opened(opened),
            Some((pasted, said)) = self.pasted.1.recv() => {
                self.keep_details(&pasted);
                return Message::PastedRead(pasted, said);
            }
        }
        if self.is_round {
            return Message::Watched(batch);
        }
        self.keep_details(&batch);
        if let Some(recorder) = &self.recorder {
            self.tell(Message::Recorded(recorder.recorded()));
        }
        Message::Records(batch)
    }

    fn keep_details(&self, batch: &[Arc<Record>]) {
        if let Err(error) = self.details().append(batch) {
            self.notice(tell!(self.language(), "details stay in memory, the disk takes none: %{error}", error = error));
        }
    }

    /// Rows that were opened take the place of those before, unless those are being added to.
    fn on_opened(&mut self, opened: Result<Preloaded, String>) -> Message {
        match opened {
            Err(reason) => Message::Failed(reason),
            Ok(_) if self.records.is_some() || self.checks.is_some() => {
                let words = tell!(self.language(), "Something is being sent already: x cancels it");
                Message::Failed(words.into_owned())
            }
            Ok(Preloaded { mode, records, read, annotate }) => {
                let before = (std::mem::take(&mut self.details), std::mem::replace(&mut self.annotate, annotate));
                self.behind.push(before);
                (self.records, self.read, self.is_round) = (Some(records), read, false);
                Message::Opened(mode)
            }
        }
    }

    fn close_earlier(&mut self) {
        if let Some((details, annotate)) = self.behind.pop() {
            (self.details, self.annotate) = (details, annotate);
            (self.records, self.read) = (None, None);
        }
    }

    /// On a thread of its own: files and databases may be slow.
    fn open(&self, open: impl FnOnce(&dyn Sources) -> Result<Preloaded, String> + Send + 'static) {
        let (sources, opened) = (self.sources.clone(), self.opened.0.clone());
        tokio::task::spawn_blocking(move || {
            if let Some(sources) = sources {
                // When nobody listens any more the program is leaving.
                let _ = opened.send(open(sources.as_ref()));
            }
        });
    }

    fn find_runs(&self, opens: bool) {
        let (sources, messages) = (self.sources.clone(), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let found = sources.map_or(Ok(None), |sources| sources.runs());
            gone_is_fine(messages.send(Message::RunsFound(found, opens)));
        });
    }

    fn list_folder(&self, folder: String) {
        let messages = self.messages.clone();
        tokio::task::spawn_blocking(move || {
            let entries = lookups::folder(&folder);
            gone_is_fine(messages.send(Message::FolderListed(folder, entries)));
        });
    }

    /// Keeps what a watch made rows of.
    fn keep_watched(&self, records: Vec<Arc<Record>>, connection: &Connection) {
        self.keep_details(&records);
        let Some(history) = self.to_history(connection) else { return };
        tokio::spawn(async move {
            for record in records {
                // A history that takes no more has said so.
                let _ = history.send(record).await;
            }
        });
    }

    fn find_targets(&self, find: FindTargets) {
        let (messages, language) = (self.messages.clone(), self.language());
        tokio::spawn(async move {
            let text = find.text.clone();
            let found = lookups::targets(find, language).await;
            gone_is_fine(messages.send(Message::TargetsFound(text, found)));
        });
    }

    /// On a thread of its own: a text may be long.
    fn read_pasted(&self, pasted: Pasted) {
        let (language, read) = (self.language(), self.pasted.0.clone());
        tokio::task::spawn_blocking(move || {
            // When nobody listens any more the program is leaving.
            let _ = read.send(lookups::pasted(pasted, language));
        });
    }

    /// Keeps what the checks have answered so far, without the rows that still wait.
    fn on_checked(&mut self, (row, record): (u32, Option<Arc<Record>>)) -> Message {
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
                tell!(self.language(), "the verdict stays in memory, the disk takes none: %{error}", error = error);
            self.notice(words);
        }
        Message::Checked(row, record)
    }

    /// A way into the history for what changes in rows that are there already. `None` where nothing is
    /// recorded, as of the sandbox.
    fn to_history(&self, connection: &Connection) -> Option<Sender<Arc<Record>>> {
        let recorder = self.recorder.as_ref().filter(|_| !matches!(connection.dns, DnsMode::Table(_)))?;
        let (sender, receiver) = tokio::sync::mpsc::channel(64);
        let mut committed = recorder.through(receiver);
        tokio::spawn(async move { while committed.recv().await.is_some() {} });
        Some(sender)
    }

    fn check(&mut self, row: u32, probe: Probe, connection: &Connection, recorded: bool) {
        let language = self.language();
        let started = self.details().get(row);
        let started = started.map_err(|error| tell!(language, "the row cannot be read back: %{error}", error = error));
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

    fn save_settings(&self, file: &Path, edits: &[Edit]) {
        match save::save(file, edits) {
            Ok(()) => self.notice(tell!(self.language(), "Saved in %{file}", file = file.display())),
            Err(error) => self.notice(tell!(
                self.language(),
                "nothing was saved: %{error}",
                error = error.localize(self.language())
            )),
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
            Effect::OpenHistory(asked) => self.open(move |sources| sources.history(&asked)),
            Effect::OpenFiles(files) => self.open(move |sources| sources.files(&lookups::at_home(&files))),
            Effect::CloseEarlier => self.close_earlier(),
            Effect::ListFolder(folder) => self.list_folder(folder),
            Effect::FindTargets(find) => self.find_targets(*find),
            Effect::ReadPasted(pasted) => self.read_pasted(*pasted),
            Effect::CancelRun => {
                self.cancel.cancel();
                // A file that never ends, such as a pipe, is not waited for.
                if let (Some(_), Some(records)) = (self.read.take(), &mut self.records) {
                    records.close();
                }
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
                Err(error) => {
                    self.notice(tell!(self.language(), "the detail cannot be read back: %{error}", error = error));
                }
            },
            Effect::ReadPair(rows) => {
                let language = self.language();
                self.beside(move |read| match (read(rows[0]), read(rows[1])) {
                    (Ok(one), Ok(other)) => Message::PairRead(rows, [one, other]),
                    (Err(error), _) | (_, Err(error)) => saved::unreadable(&error, language),
                });
            }
            Effect::Copy { label, text } => self.copy(label, &text),
            Effect::CopyRows { what, rows } => self.copy_rows(what, rows),
            Effect::Ticket { rows, who, proxies, to_file } => self.ticket(rows, who, proxies, to_file),
            Effect::SaveCsv(rows) => {
                let (time_zone, language) = (self.time_zone.clone(), self.language());
                self.beside(move |read| saved::csv(&rows, read, &time_zone, language));
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

    fn start_run(&mut self, probes: Vec<Probe>, connection: &Connection, diagnose: bool) {
        // A client of its own for each run: when the run is over its idle connections, and the
        // timer that watches them, go with it.
        match Client::new(connection) {
            Ok(client) => {
                self.cancel = CancellationToken::new();
                let records = engine::run(&client, probes, Options { diagnose, ..self.options }, &self.cancel);
                // Names by table are the sandbox's, where failing is a rehearsal.
                let recorder = self.recorder.as_ref().filter(|_| !matches!(connection.dns, DnsMode::Table(_)));
                self.is_round = false;
                self.records = Some(match recorder {
                    Some(recorder) => recorder.through(records),
                    None => records,
                });
            }
            Err(error) => {
                let words = tell!(self.language(), "nothing was sent: %{error}", error = error);
                self.tell(Message::NotStarted(words.into_owned()));
            }
        }
    }

    /// Sends what is watched once more. What does not change is nobody's row and stays out of the history.
    fn start_round(&mut self, probes: Vec<Probe>, connection: &Connection) {
        match Client::new(connection) {
            Ok(client) => {
                self.cancel = CancellationToken::new();
                self.records = Some(engine::run(&client, probes, self.options, &self.cancel));
                self.is_round = true;
            }
            Err(error) => {
                let words = tell!(self.language(), "nothing was sent: %{error}", error = error);
                self.tell(Message::NotStarted(words.into_owned()));
            }
        }
    }

    /// On a thread of its own: its program may ask a person something elsewhere.
    fn load_profile(&self, name: String) {
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

    fn open_sandbox(&mut self) {
        let world = (self.open_world)();
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
                    let words = tell!(language, "no sandbox: %{error}", error = format!("{error:#}"));
                    gone_is_fine(messages.send(Message::NotStarted(words.into_owned())));
                }
            }
        }));
    }

    /// Copies a text, whoever wrote it, without what would be pasted unseen.
    fn copy(&mut self, label: String, text: &str) {
        let (text, lost) = clipboard::lines(text);
        let way = self.clipboard.copy(&text);
        let label = clipboard::label(label, lost, self.language());
        self.tell(Message::Copied { label, text: text.into_owned(), way });
    }

    #[cfg(test)]
    pub(super) fn keep(&self, records: &[Arc<Record>]) {
        self.details().append(records).expect("kept");
    }

    fn record(&self, row: u32) -> std::io::Result<Arc<Record>> {
        self.details().get(row)
    }

    /// The records of many rows are read beside the screen's task, one at a time, and end in one message.
    fn beside(
        &self,
        work: impl FnOnce(&mut dyn FnMut(u32) -> std::io::Result<Arc<Record>>) -> Message + Send + 'static,
    ) {
        let (details, messages) = (Arc::clone(&self.details), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let mut read = |row| details.lock().unwrap_or_else(PoisonError::into_inner).get(row);
            gone_is_fine(messages.send(work(&mut read)));
        });
    }

    fn copy_rows(&self, what: CopyRows, rows: Vec<u32>) {
        let language = self.language();
        self.beside(move |read| {
            let line = |record: &Record| match what {
                CopyRows::Json => json::line(record, language),
                CopyRows::Curl => curl::line(record),
                CopyRows::Line => part::one_line(record),
            };
            let label = match (what, rows.len()) {
                (CopyRows::Json, 1) => tell!(language, "Row as JSON"),
                (CopyRows::Curl, 1) => tell!(language, "curl line"),
                (CopyRows::Line, 1) => tell!(language, "1 line"),
                (CopyRows::Line, n) => tell!(language, "%{n} lines", n = n),
                (CopyRows::Json, n) => tell!(language, "%{n} rows as JSON", n = n),
                (CopyRows::Curl, n) => tell!(language, "%{n} curl lines", n = n),
            };
            match rows.iter().map(|row| read(*row).map(|record| line(&record))).collect::<Result<Vec<_>, _>>() {
                Ok(lines) => Message::Composed { label: label.into_owned(), text: lines.join("\n") },
                Err(error) => saved::unreadable(&error, language),
            }
        });
    }

    fn ticket(&self, rows: Vec<u32>, who: Option<Who>, proxies: Vec<String>, to_file: bool) {
        let facts = Facts {
            language: self.language(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            time_zone: self.time_zone.clone(),
            who,
            proxies,
            evidence: None,
        };
        self.beside(move |read| saved::ticket(&rows, read, &facts, to_file));
    }

    fn save_evidence(&self, rows: Vec<u32>) {
        let (time_zone, language) = (self.time_zone.clone(), self.language());
        self.beside(move |read| saved::evidence(&rows, read, &time_zone, language));
    }

    /// A note is what a person typed or pasted: it goes through the one redactor before it is kept.
    fn save_note(&self, row: u32, note: &str, sent: Option<Box<(Probe, Arc<Connection>)>>) {
        let was_given = sent.is_none();
        let history = sent.as_ref().and_then(|sent| self.to_history(&sent.1));
        let redactor = sent.map(|sent| Redactor::for_plan(std::slice::from_ref(&sent.0), &sent.1.proxies));
        let note = redactor.unwrap_or_default().text(note).into_owned();
        let noted = self.record(row).and_then(|record| {
            let note = Some(note).filter(|note| !note.is_empty());
            let record = Arc::new(Record { note, ..Record::clone(&record) });
            self.details().replace(row, Arc::clone(&record))?;
            if let Some(history) = history {
                let _ = history.try_send(Arc::clone(&record));
            }
            if let Some(annotate) = self.annotate.as_ref().filter(|_| was_given && record.id > 0) {
                annotate(record.id, record.note.as_deref()).map_err(std::io::Error::other)?;
            }
            Ok(record)
        });
        match noted {
            Ok(record) => self.tell(Message::Noted(row, record)),
            Err(error) => self.notice(tell!(self.language(), "the note cannot be kept: %{error}", error = error)),
        }
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

async fn next_of_run(records: &mut Option<Receiver<Arc<Record>>>, batch: &mut Vec<Arc<Record>>) -> usize {
    match records {
        Some(records) => records.recv_many(batch, 1024).await,
        None => std::future::pending().await,
    }
}

async fn next_of_checks(checks: &mut Option<Checks>) -> (u32, Option<Arc<Record>>) {
    match checks {
        Some(checks) => (checks.row, checks.records.recv().await),
        None => std::future::pending().await,
    }
}
