//! The terminal app: the only place that names a terminal.
//!
//! [`run()`] is the whole program: wait for a message, drain what is queued, `update` the model,
//! perform the effects, draw. `update` is pure and `view` changes nothing; what must be done
//! outside is an [`effect::Effect`], performed in one place. Nothing is drawn while nothing happens.

mod background;
mod check_columns;
pub mod clipboard;
mod column_list;
mod compare_text;
mod detail;
pub mod effect;
mod export;
mod filter_words;
mod found;
mod group_columns;
mod help_text;
mod hint_line;
mod insist;
pub mod keymap;
pub(crate) mod layout;
mod lists;
pub(crate) mod look;
mod lookups;
pub mod message;
pub mod model;
mod page_text;
mod palette;
mod palette_place;
mod perform;
mod probe_form;
mod row_columns;
mod run;
mod settings_list;
mod signals;
mod summary_line;
mod tabs;
pub mod terminal;
mod text_lines;
pub mod theme;
pub mod update;
pub mod view;
mod widget;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

pub use crate::text::glyphs;
use effect::Earlier;
pub use model::session::{Files, FirstRun, Found, Mode, Read};
pub use run::{Session, run, run_and_send};
pub use signals::hold_stops;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;

use crate::config::Settings;
use crate::config::profiles::AvailableProfile;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::store::details::NewRow;
use crate::store::history::{HistoryConfig, Runs};

/// A prepared place to probe: the sandbox, as the command line hands it in.
pub struct SandboxSession {
    /// Its profiles, the first one current.
    pub profiles: Vec<Profile>,
    /// Probes to send at once.
    pub probes: Vec<Probe>,
    /// Bucket names to offer.
    pub targets: Vec<String>,
    /// What must live as long as the screen.
    pub alive: Box<dyn Send>,
}

/// Makes a [`SandboxSession`].
pub type SandboxFactory = Box<dyn Fn() -> Pin<Box<dyn Future<Output = anyhow::Result<SandboxSession>> + Send>> + Send>;

/// Records that were not sent from here: of the history, or read from files while the screen is open.
pub struct Preloaded {
    /// Where they are from.
    pub mode: Mode,
    /// The records, until their sender goes.
    pub records: Receiver<NewRow>,
    /// What became of the files, when all are read.
    pub read: Option<oneshot::Receiver<Read>>,
    /// Keeps the note on the record of this id where the records came from.
    pub annotate: Option<Annotate>,
}

/// Keeps a note, or takes it away; `Err` says in one line why it could not.
pub type Annotate = Box<dyn Fn(u32, Option<&str>) -> Result<(), String> + Send>;

/// How the screen starts.
pub struct StartOptions {
    /// Settings of the current profile.
    pub settings: Settings,
    /// The other profiles that can be chosen.
    pub offers: Vec<AvailableProfile>,
    /// Makes the sandbox.
    pub sandbox: SandboxFactory,
    /// Make it at once.
    pub in_sandbox: bool,
    /// What can be copied to.
    pub place: clipboard::ClipboardEnv,
    /// Rows to begin with.
    pub preloaded: Option<Preloaded>,
    /// Where failures are recorded, but for those of the sandbox.
    pub history: Option<HistoryConfig>,
    /// Where rows come from that are opened later.
    pub sources: Option<Arc<dyn Sources>>,
    /// What is shown without credentials.
    pub first_run: FirstRun,
}

/// Where rows come from that were not sent from here, as the command line hands it in. Each may take a while.
pub trait Sources: Send + Sync {
    /// What the history holds; `None` where nothing was recorded.
    ///
    /// # Errors
    /// In one line.
    fn runs(&self) -> Result<Option<Runs>, String>;

    /// The requests whose failures were recorded last, the newest first.
    ///
    /// # Errors
    /// In one line.
    fn latest(&self) -> Result<Vec<Record>, String>;

    /// The history's failures that are asked for.
    ///
    /// # Errors
    /// In one line: what cannot be read or understood, or that nothing fits.
    fn history(&self, asked: &Earlier) -> Result<Preloaded, String>;

    /// The failures in files.
    ///
    /// # Errors
    /// In one line.
    fn files(&self, files: &[PathBuf]) -> Result<Preloaded, String>;
}
