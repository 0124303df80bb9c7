//! Opens rows from elsewhere: the history, files, pasted text, targets.

use std::mem;

use tokio_util::sync::CancellationToken;

use super::{Incoming, Performer, gone_is_fine};
use crate::i18n::tell;
use crate::store::details::written;
use crate::ui::effect::{FindTargets, Pasted};
use crate::ui::message::Message;
use crate::ui::probe_form::earlier;
use crate::ui::{Preloaded, Sources, lookups};

impl Performer {
    /// Rows that were opened take the place of those before, unless those are being added to.
    pub(super) fn on_opened(&mut self, opened: Result<Preloaded, String>) -> Message {
        match opened {
            Err(reason) => Message::Failed(reason),
            Ok(_) if self.incoming.is_some() || self.checks.is_some() => {
                let words = tell!(self.language(), "Requests are being sent. Try again when they have ended");
                Message::Failed(words.into_owned())
            }
            Ok(Preloaded { mode, records, read, annotate }) => {
                let before = (mem::take(&mut self.details), mem::replace(&mut self.annotate, annotate));
                self.behind.push(before);
                self.cancel = CancellationToken::new();
                let records = written(&self.details, records, self.cancel.clone());
                (self.incoming, self.read) = (Some(Incoming::Rows(records)), read);
                Message::Opened(mode)
            }
        }
    }

    pub(super) fn close_earlier(&mut self) {
        if let Some((details, annotate)) = self.behind.pop() {
            (self.details, self.annotate) = (details, annotate);
            (self.incoming, self.read) = (None, None);
        }
    }

    /// On a thread of its own: files and databases may be slow.
    pub(super) fn open(&self, open: impl FnOnce(&dyn Sources) -> Result<Preloaded, String> + Send + 'static) {
        let (sources, opened) = (self.sources.clone(), self.opened.0.clone());
        tokio::task::spawn_blocking(move || {
            if let Some(sources) = sources {
                // When the receiver is gone the program is quitting.
                let _ = opened.send(open(sources.as_ref()));
            }
        });
    }

    pub(super) fn find_runs(&self, opens: bool) {
        let (sources, messages) = (self.sources.clone(), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let found = sources.map_or(Ok(None), |sources| sources.runs());
            gone_is_fine(messages.send(Message::RunsFound(found, opens)));
        });
    }

    pub(super) fn find_sent(&self) {
        let (sources, messages) = (self.sources.clone(), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let records = sources.map_or(Ok(Vec::new()), |sources| sources.latest());
            let found = records.map(|records| records.iter().filter_map(earlier::values_of).collect());
            gone_is_fine(messages.send(Message::SentFound(found)));
        });
    }

    pub(super) fn list_folder(&self, folder: String) {
        let messages = self.messages.clone();
        tokio::task::spawn_blocking(move || {
            let entries = lookups::folder(&folder);
            gone_is_fine(messages.send(Message::FolderListed(folder, entries)));
        });
    }

    pub(super) fn find_targets(&self, find: FindTargets) {
        let (messages, language) = (self.messages.clone(), self.language());
        tokio::spawn(async move {
            let text = find.text.clone();
            let found = lookups::targets(find, language).await;
            gone_is_fine(messages.send(Message::TargetsFound(text, found)));
        });
    }

    /// On a thread of its own: a text may be long.
    pub(super) fn read_pasted(&self, pasted: Pasted) {
        let (language, read) = (self.language(), self.pasted.0.clone());
        tokio::task::spawn_blocking(move || {
            // When the receiver is gone the program is quitting.
            let _ = read.send(lookups::pasted(pasted, language));
        });
    }
}
