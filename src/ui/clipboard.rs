//! Copying: the note says which way the text went; where none works the text is shown instead.
//!
//! Over SSH a local clipboard would be the wrong machine's, so the terminal is asked (OSC 52),
//! which never answers. Inside tmux its buffer is certain, and tmux passes it on if it may.

use std::borrow::Cow;
use std::io::{Write, stdout};
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use crate::i18n::{Language, tell};
use crate::text::sanitize::is_unsafe_char;

/// Terminals cut longer OSC 52 texts, some without a word.
const OSC52_LONGEST: usize = 74_000;

/// Which way a text went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipboardBackend {
    /// The desktop's clipboard: certain.
    Local,
    /// The tmux buffer: certain.
    Tmux,
    /// The terminal was asked; whether it obeys cannot be known.
    Osc52,
}

/// What the environment says about clipboards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four facts of the environment")]
pub struct ClipboardEnv {
    /// Inside tmux.
    pub tmux: bool,
    /// Logged in from elsewhere.
    pub remote: bool,
    /// A desktop is there.
    pub desktop: bool,
    /// The terminal cannot know OSC 52.
    pub dumb: bool,
}

impl ClipboardEnv {
    /// Reads the environment.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = std::env::var("TERM").unwrap_or_default();
        Self {
            tmux: set("TMUX"),
            remote: set("SSH_TTY") || set("SSH_CONNECTION"),
            desktop: cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            dumb: term == "dumb" || term == "linux",
        }
    }

    /// The ways to try, best first.
    #[must_use]
    pub fn ways(self, length: usize) -> Vec<ClipboardBackend> {
        let mut ways = Vec::new();
        if self.desktop && !self.remote {
            ways.push(ClipboardBackend::Local);
        }
        if self.tmux {
            ways.push(ClipboardBackend::Tmux);
        }
        if !self.dumb && length <= OSC52_LONGEST {
            ways.push(ClipboardBackend::Osc52);
        }
        ways
    }
}

/// Returns a text of several lines as it may be copied, and how many characters it lost: those that cannot
/// be seen or that a terminal may obey on pasting. Line feeds and tabs stay.
#[must_use]
pub fn lines(text: &str) -> (Cow<'_, str>, usize) {
    cleaned(text, |c| c == '\n' || c == '\t')
}

/// The same of a text that is one line, such as a `RequestId`.
#[must_use]
pub fn one_line(text: &str) -> (Cow<'_, str>, usize) {
    cleaned(text, |_| false)
}

fn cleaned(text: &str, stays: impl Fn(char) -> bool) -> (Cow<'_, str>, usize) {
    let goes = |c: &char| is_unsafe_char(*c) && !stays(*c);
    match text.chars().filter(goes).count() {
        0 => (Cow::Borrowed(text), 0),
        lost => (Cow::Owned(text.chars().filter(|c| !goes(c)).collect()), lost),
    }
}

/// Returns what a copied text is called, with what it lost.
#[must_use]
pub fn label(name: String, lost: usize, language: Language) -> String {
    match lost {
        0 => name,
        1 => tell!(language, "%{name} without 1 hidden character", name = name).into_owned(),
        n => tell!(language, "%{name} without %{n} hidden characters", name = name, n = n).into_owned(),
    }
}

/// The clipboard. On X11 and Wayland a copied text lives as long as its owner, so the handle is kept.
#[derive(Default)]
pub struct Clipboard {
    place: ClipboardEnv,
    local: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// The clipboard of this environment.
    #[must_use]
    pub fn new(place: ClipboardEnv) -> Self {
        Self { place, local: None }
    }

    /// Copies by the first way that works.
    pub fn copy(&mut self, text: &str) -> Option<ClipboardBackend> {
        self.place.ways(text.len()).into_iter().find(|way| match way {
            ClipboardBackend::Local => self.local(text),
            ClipboardBackend::Tmux => tmux(text),
            ClipboardBackend::Osc52 => execute!(stdout(), CopyToClipboard::to_clipboard_from(text)).is_ok(),
        })
    }

    fn local(&mut self, text: &str) -> bool {
        if self.local.is_none() {
            self.local = arboard::Clipboard::new().ok();
        }
        self.local.as_mut().is_some_and(|clipboard| clipboard.set_text(text).is_ok())
    }
}

fn tmux(text: &str) -> bool {
    let child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::record::{Record, RequestId};
    use crate::report::ticket::Keys;
    use crate::ui::SandboxFactory;
    use crate::ui::effect::{CopyRows, Effect};
    use crate::ui::message::Message;
    use crate::ui::perform::{Performer, Records};

    #[test]
    fn the_way_fits_the_place() {
        let place = ClipboardEnv::default();
        assert_eq!(place.ways(40), [ClipboardBackend::Osc52]);
        assert_eq!(
            ClipboardEnv { desktop: true, ..place }.ways(40),
            [ClipboardBackend::Local, ClipboardBackend::Osc52]
        );
        assert_eq!(ClipboardEnv { desktop: true, remote: true, ..place }.ways(40), [ClipboardBackend::Osc52]);
        assert_eq!(
            ClipboardEnv { tmux: true, remote: true, ..place }.ways(40),
            [ClipboardBackend::Tmux, ClipboardBackend::Osc52]
        );
        assert_eq!(ClipboardEnv { dumb: true, ..place }.ways(40), []);
        assert_eq!(place.ways(OSC52_LONGEST + 1), []);
    }

    #[test]
    fn nothing_hidden_is_copied() {
        let hidden = "\0\u{7}\r\u{b}\u{1b}\u{7f}\u{85}\u{9b}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{180e}\u{200b}\u{200d}\u{200e}\u{2028}\u{2029}\u{202e}\u{2060}\u{2066}\u{2069}\u{2800}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{fffb}\u{e0001}\u{e0041}\u{e0100}";
        for c in hidden.chars() {
            assert_eq!(lines(&format!("a{c}b")), (Cow::Borrowed("ab"), 1), "{c:?}");
            assert_eq!(one_line(&format!("{c}ab{c}")), (Cow::Borrowed("ab"), 2), "{c:?}");
        }
        assert_eq!(lines("访问 é\u{301}\n\tb"), (Cow::Borrowed("访问 é\u{301}\n\tb"), 0));
        assert_eq!(one_line("a\n\tb"), (Cow::Borrowed("ab"), 2));
        assert_eq!(label("RequestId".to_owned(), 2, Language::En), "RequestId without 2 hidden characters");
    }

    /// Every text that can be copied of a row in which everything is hostile, with what it is called.
    fn copied_of(hostile: &str) -> Vec<(String, String)> {
        let (messages, mut told) = tokio::sync::mpsc::unbounded_channel();
        let nowhere: SandboxFactory = Box::new(|| Box::pin(async { anyhow::bail!("no sandbox") }));
        let place = ClipboardEnv { dumb: true, ..ClipboardEnv::default() };
        let records = Records { preloaded: None, recorder: None, sources: None };
        let mut performer = Performer::new(messages, nowhere, place, Language::En, records).expect("a performer");
        let mut record = Record::imported(format!("import:{hostile}:1"), jiff::Timestamp::UNIX_EPOCH);
        for text in [&mut record.method, &mut record.url, &mut record.operation, &mut record.profile] {
            text.push_str(hostile);
        }
        record.request_id = Some(RequestId::read(hostile.to_owned(), crate::domain::source::IdSource::Body));
        record.error.message = Some(hostile.to_owned());
        record.body = Some(hostile.to_owned());
        record.note = Some(hostile.to_owned());
        performer.keep(&[Arc::new(record)]);
        let to_copy = Effect::Copy { label: "Message".to_owned(), text: hostile.to_owned() };
        let ticket =
            Effect::Ticket { rows: vec![0], who: None, proxies: Vec::new(), keys: Keys::default(), to_file: false };
        let of_rows = [CopyRows::Json, CopyRows::Curl].map(|what| Effect::CopyRows { what, rows: vec![0] });
        for effect in of_rows.into_iter().chain([ticket, to_copy]) {
            performer.perform(effect);
        }
        let mut copied = Vec::new();
        while copied.len() < 4 {
            match told.blocking_recv().expect("told") {
                Message::Composed { label, text } => performer.perform(Effect::Copy { label, text }),
                Message::Copied { label, text, way: None } => copied.push((label, text)),
                other => panic!("{other:?}"),
            }
        }
        copied
    }

    #[test]
    fn every_copy_is_what_it_seems() {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let _inside = runtime.enter();
        for hostile in [
            "a\u{1b}[201~\nrm x\n",
            "a\rb",
            "\u{202e}a\u{2066}",
            "a\u{ad}\u{200d}b",
            "\u{e0041}\u{9b}a",
            "\u{3164}\u{2028}a",
        ] {
            for (label, text) in copied_of(hostile) {
                let hidden = text.chars().filter(|c| is_unsafe_char(*c) && !matches!(c, '\n' | '\t')).count();
                assert_eq!(hidden, 0, "{label}: {text:?}");
                assert_eq!(label.contains("hidden character"), label.starts_with("Message"), "{label}");
            }
        }
    }
}
