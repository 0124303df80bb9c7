//! The terminal app: the only place that names a terminal.
//!
//! [`run`] is the whole program: wait for a message, drain what is queued, `update` the model,
//! perform the effects, draw. `update` is pure and `view` changes nothing; what must be done
//! outside is an [`effect::Effect`], performed in one place. Nothing is drawn while nothing happens.

pub mod clipboard;
mod detail;
pub mod effect;
pub mod glyphs;
mod group_columns;
pub mod keymap;
pub mod layout;
mod lookups;
mod menus;
pub mod message;
pub mod model;
mod perform;
mod probe_form;
mod row_columns;
mod run;
mod saved;
mod signals;
mod tabs;
pub mod terminal;
mod text_lines;
pub mod theme;
pub mod update;
pub mod view;
mod widget;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use run::{Session, run};
pub use signals::hold_stops;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;

use crate::config::Settings;
use crate::config::offers::Offer;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::store::history::Place;

/// A prepared place to probe: the sandbox, as the command line hands it in.
pub struct World {
    /// Its profiles, the first one current.
    pub profiles: Vec<Profile>,
    /// Probes to send at once.
    pub probes: Vec<Probe>,
    /// Bucket names to offer.
    pub targets: Vec<String>,
    /// What must live as long as the screen.
    pub alive: Box<dyn Send>,
}

/// Makes a [`World`].
pub type OpenWorld = Box<dyn Fn() -> Pin<Box<dyn Future<Output = anyhow::Result<World>> + Send>> + Send>;

/// Records to open on: of the history, or read from files while the screen is open.
pub struct Given {
    /// The records, until their sender goes.
    pub records: Receiver<Arc<Record>>,
    /// What is to be said when all are read: a line a file.
    pub said: Option<oneshot::Receiver<Vec<String>>>,
    /// Keeps the note on the record of this id where the records came from.
    pub annotate: Option<Annotate>,
}

/// Keeps a note, or takes it away; `Err` says in one line why it could not.
pub type Annotate = Box<dyn Fn(u32, Option<&str>) -> Result<(), String> + Send>;

/// How the screen starts.
pub struct Start {
    /// Settings of the current profile.
    pub settings: Settings,
    /// The other profiles that can be chosen.
    pub offers: Vec<Offer>,
    /// Makes the sandbox.
    pub sandbox: OpenWorld,
    /// Make it at once.
    pub in_sandbox: bool,
    /// What can be copied to.
    pub place: clipboard::Place,
    /// Rows to begin with.
    pub given: Option<Given>,
    /// Where failures are recorded, but for those of the sandbox.
    pub history: Option<Place>,
}
