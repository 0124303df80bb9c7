//! The terminal's background: light or dark. It is asked once, before the first frame and before anyone
//! else reads what the terminal sends.
//!
//! The question for the colour (OSC 11) goes out together with one that every terminal answers (DA1), so
//! that one that does not know its colours ends the wait at once. Whichever answer comes first ends it; what
//! DA1 says later is for the reader of events, which drops it.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// How long the terminal has to answer.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(100);
/// An answer may come this much later and is still known as one.
const LATEST: Duration = Duration::from_secs(10);
/// No answer is longer.
const LONGEST: usize = 64;

/// What came of the question.
#[derive(Debug, Default)]
pub struct Asked {
    /// The background is light; `None` when the terminal did not say.
    pub light: Option<bool>,
    /// Keys that were pressed meanwhile.
    pub typed: Vec<Event>,
    /// Takes out of the keys what comes late.
    pub late: Late,
}

/// Asks the terminal, which must be in raw mode. Never through a pipe, and no terminal that is known not to
/// understand the question.
#[cfg(unix)]
#[must_use]
pub fn ask() -> Asked {
    use std::io::{IsTerminal, Write, stdin, stdout};
    let term = std::env::var("TERM").unwrap_or_default();
    if !stdin().is_terminal() || !stdout().is_terminal() || matches!(term.as_str(), "" | "dumb" | "linux") {
        return Asked::default();
    }
    let mut terminal = stdout();
    if terminal.write_all(b"\x1b]11;?\x1b\\\x1b[c").and_then(|()| terminal.flush()).is_err() {
        return Asked::default();
    }
    let sent = Instant::now();
    let mut bytes = Vec::new();
    while !read(&bytes).is_over() && more(&mut bytes, PATIENCE.saturating_sub(sent.elapsed())) {}
    let came = read(&bytes);
    let late = if came.is_over() { Late::default() } else { Late::expecting(sent + LATEST, came.begun) };
    Asked { light: came.light, typed: keys(&came.rest), late }
}

/// Does not ask: there is no way to wait for the response.
#[cfg(not(unix))]
#[must_use]
pub fn ask() -> Asked {
    Asked::default()
}

/// Waits for bytes of the terminal and takes them. False when none came in this time.
#[cfg(unix)]
fn more(bytes: &mut Vec<u8>, patience: Duration) -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;
    let stdin = std::io::stdin();
    let wait = PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO);
    match poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], wait) {
        Ok(1) => {}
        // A signal; it is heard elsewhere.
        Err(nix::errno::Errno::EINTR) => return !patience.is_zero(),
        _ => return false,
    }
    // Not by `Stdin`, whose buffer would keep what is not ours.
    let mut buffer = [0; 256];
    let read = nix::unistd::read(stdin.as_fd(), &mut buffer).unwrap_or(0);
    bytes.extend_from_slice(&buffer[..read]);
    read > 0
}

/// What is in the bytes that came.
#[derive(Debug, Default, PartialEq, Eq)]
struct Came {
    light: Option<bool>,
    /// The answer that every terminal gives is there: no other comes after it.
    done: bool,
    /// An answer that has begun and not ended.
    begun: bool,
    /// Bytes that are not a response.
    rest: Vec<u8>,
}

impl Came {
    /// There is nothing to wait for: the colour is known, or never will be.
    fn is_over(&self) -> bool {
        self.done || self.light.is_some() && !self.begun
    }
}

/// Parts the answers from what else was sent.
fn read(bytes: &[u8]) -> Came {
    let mut came = Came::default();
    let mut at = 0;
    while let Some(left) = bytes.get(at..).filter(|left| !left.is_empty()) {
        let taken = if left.starts_with(b"\x1b]11;") {
            colour_end(left).map(|(text, end)| {
                came.light = came.light.or(text.and_then(is_light));
                end
            })
        } else if left.starts_with(b"\x1b[?") {
            let end = left[3..].iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';')).map(|end| end + 4);
            came.done |= end.is_some_and(|end| left[end - 1] == b'c');
            end
        } else {
            came.rest.push(left[0]);
            Some(1)
        };
        let Some(taken) = taken else {
            came.begun = true;
            return came;
        };
        at += taken;
    }
    came
}

/// The colour of an answer and where the answer ends: at BEL or ST.
fn colour_end(answer: &[u8]) -> Option<(Option<&str>, usize)> {
    let end = answer.iter().skip(1).position(|byte| matches!(byte, 7 | 0x1b))? + 1;
    let length = if answer[end] == 7 { 1 } else { 2 };
    (answer.len() >= end + length).then(|| (std::str::from_utf8(&answer[5..end]).ok(), end + length))
}

/// Whether a colour as terminals write it is nearer to white than to black: `rgb:RRRR/GGGG/BBBB`,
/// `rgba:…` or `#rrggbb`, with one to four digits for each part.
fn is_light(colour: &str) -> Option<bool> {
    let parts: Vec<&str> = if let Some(digits) = colour.strip_prefix('#') {
        let each = digits.len() / 3;
        if !digits.is_ascii() || each == 0 || digits.len() % 3 != 0 {
            return None;
        }
        vec![&digits[..each], &digits[each..2 * each], &digits[2 * each..]]
    } else {
        colour.strip_prefix("rgba:").or_else(|| colour.strip_prefix("rgb:"))?.split('/').take(3).collect()
    };
    let part = |text: &&str| {
        let most = 16_u32.checked_pow(u32::try_from(text.len()).ok()?).filter(|_| (1..=4).contains(&text.len()))? - 1;
        Some(f64::from(u32::from_str_radix(text, 16).ok()?) / f64::from(most))
    };
    let [red, green, blue] = parts.iter().map(part).collect::<Option<Vec<_>>>()?.try_into().ok()?;
    // As bright as it looks (ITU-R BT.601).
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

/// Characters typed while the response was awaited. Keys with longer sequences are lost.
#[cfg(unix)]
fn keys(bytes: &[u8]) -> Vec<Event> {
    let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
    let text = String::from_utf8_lossy(bytes);
    let mut keys = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.next_if(|next| matches!(next, '[' | 'O')).is_some() => {
                while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
                chars.next();
            }
            '\u{1b}' => keys.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            '\r' | '\n' => keys.push(key(KeyCode::Enter, KeyModifiers::NONE)),
            '\t' => keys.push(key(KeyCode::Tab, KeyModifiers::NONE)),
            '\u{7f}' => keys.push(key(KeyCode::Backspace, KeyModifiers::NONE)),
            '\u{1}'..='\u{1a}' => {
                let letter = char::from(u8::try_from(c).unwrap_or(0) + b'a' - 1);
                keys.push(key(KeyCode::Char(letter), KeyModifiers::CONTROL));
            }
            c if !c.is_control() => keys.push(key(KeyCode::Char(c), KeyModifiers::NONE)),
            _ => {}
        }
    }
    keys
}

/// Recognizes a late response, which would otherwise be taken for keys: the parser of
/// the events reads `ESC ]` as a key and the rest of the colour as more of them.
#[derive(Debug, Default)]
pub struct Late {
    /// Until when one may come; `None` when none does.
    until: Option<Instant>,
    /// Events that look like the beginning of one.
    held: Vec<Event>,
    /// One has begun, and its end has not come.
    inside: bool,
}

impl Late {
    /// One may come until then; its beginning may have been read already.
    fn expecting(until: Instant, begun: bool) -> Self {
        Self { until: Some(until), held: Vec::new(), inside: begun }
    }

    /// Takes an event and gives back what is none of an answer.
    pub fn pass(&mut self, event: Event, now: Instant) -> Vec<Event> {
        if self.until.is_none_or(|until| until < now) {
            let mut events = std::mem::take(&mut self.held);
            self.until = None;
            events.push(event);
            return events;
        }
        let begins = is_key(&event, ']', KeyModifiers::ALT);
        if self.held.is_empty() && !self.inside && !begins {
            return vec![event];
        }
        let ends = is_key(&event, 'g', KeyModifiers::CONTROL) || is_key(&event, '\\', KeyModifiers::ALT);
        let belongs = begins && self.held.is_empty() || ends || self.continues(&event);
        self.held.push(event);
        if ends && (self.inside || self.held.len() > 4) {
            self.held.clear();
            self.until = None;
            return Vec::new();
        }
        if belongs && self.held.len() < LONGEST {
            return Vec::new();
        }
        self.inside = false;
        self.until = None;
        std::mem::take(&mut self.held)
    }

    /// Whether a key is the next character of `11;rgb:…`.
    fn continues(&self, event: &Event) -> bool {
        let Event::Key(KeyEvent { code: KeyCode::Char(c), .. }) = event else { return false };
        match self.held.len() {
            _ if self.inside => c.is_ascii_hexdigit() || "rgba:/#;".contains(*c),
            1 | 2 => *c == '1',
            3 => *c == ';',
            _ => c.is_ascii_hexdigit() || "rgba:/#".contains(*c),
        }
    }
}

fn is_key(event: &Event, c: char, modifiers: KeyModifiers) -> bool {
    matches!(event, Event::Key(key) if key.code == KeyCode::Char(c) && key.modifiers == modifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_as_terminals_write_them() {
        for (colour, light) in [
            ("rgb:ffff/ffff/ffff", Some(true)),
            ("rgb:1616/1616/1e1e", Some(false)),
            ("rgb:fb/fa/f7", Some(true)),
            ("rgb:f/f/f", Some(true)),
            ("rgba:0000/0000/0000/ffff", Some(false)),
            ("rgba:ffff/ffff/ffff/0000", Some(true)),
            ("#fbfaf7", Some(true)),
            ("#000", Some(false)),
            ("#ffffffff0000", Some(true)),
            // As bright as they look: yellow is light, blue is dark.
            ("rgb:ffff/ffff/0000", Some(true)),
            ("rgb:0000/0000/ffff", Some(false)),
            ("rgb:ffff/ffff", None),
            ("rgb:fffff/0/0", None),
            ("rgb:-1/+1/0", None),
            ("#12345", None),
            ("#é12345", None),
            ("white", None),
            ("", None),
        ] {
            assert_eq!(is_light(colour), light, "{colour}");
        }
    }

    #[test]
    fn answers_are_told_from_what_is_typed() {
        let of = |text: &str| read(text.as_bytes());
        let came = |light, done, begun, rest: &str| Came { light, done, begun, rest: rest.into() };
        for (text, wanted) in [
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{7}\u{1b}[?62;4c", came(Some(true), true, false, "")),
            ("\u{1b}]11;rgb:0000/0000/0000\u{1b}\\\u{1b}[?6c", came(Some(false), true, false, "")),
            ("\u{1b}[?1;2c", came(None, true, false, "")),
            ("j\u{1b}]11;#ffffff\u{7}k\u{1b}[?6cq", came(Some(true), true, false, "jkq")),
            ("\u{1b}]11;rgb:ffff/ff", came(None, false, true, "")),
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}", came(None, false, true, "")),
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{7}", came(Some(true), false, false, "")),
            ("\u{1b}[?6", came(None, false, true, "")),
            ("", came(None, false, false, "")),
            ("abc", came(None, false, false, "abc")),
        ] {
            assert_eq!(of(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn the_wait_ends_with_the_first_whole_answer() {
        for (text, is_over) in [
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{7}", true),
            ("\u{1b}[?6c", true),
            ("j", false),
            ("\u{1b}]11;what\u{7}", false),
            // The rest of DA1 would be taken for keys.
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{7}\u{1b}[?6", false),
        ] {
            assert_eq!(read(text.as_bytes()).is_over(), is_over, "{text:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_was_typed_meanwhile_is_not_lost() {
        let codes: Vec<_> = keys("jé\r\u{1b}[A\u{1b}q\u{3}".as_bytes())
            .into_iter()
            .map(|event| match event {
                Event::Key(key) => (key.code, key.modifiers),
                _ => unreachable!("keys only"),
            })
            .collect();
        let plain = |c| (KeyCode::Char(c), KeyModifiers::NONE);
        let (enter, esc) = ((KeyCode::Enter, KeyModifiers::NONE), (KeyCode::Esc, KeyModifiers::NONE));
        let wanted = [plain('j'), plain('é'), enter, esc, plain('q'), (KeyCode::Char('c'), KeyModifiers::CONTROL)];
        assert_eq!(codes, wanted);
    }

    fn events(text: &str) -> Vec<Event> {
        let key = |c, modifiers| Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers));
        let mut chars = text.chars();
        let mut events = Vec::new();
        while let Some(c) = chars.next() {
            events.push(match c {
                '\u{1b}' => key(chars.next().expect("a key"), KeyModifiers::ALT),
                '\u{7}' => key('g', KeyModifiers::CONTROL),
                c => key(c, KeyModifiers::NONE),
            });
        }
        events
    }

    #[test]
    fn an_answer_that_comes_late_is_no_keys() {
        let now = Instant::now();
        for (text, begun, left) in [
            ("\u{1b}]11;rgb:1616/1616/1e1e\u{7}", false, ""),
            ("\u{1b}]11;rgb:1616/1616/1e1e\u{1b}\\", false, ""),
            ("j\u{1b}]11;#ffffff\u{7}gG", false, "jgG"),
            ("16/1e1e\u{7}q", true, "q"),
            // Keys that begin like one.
            ("\u{1b}]1j", false, "\u{1b}]1j"),
            ("\u{1b}]q", false, "\u{1b}]q"),
            ("hello", false, "hello"),
        ] {
            let mut late = Late::expecting(now + LATEST, begun);
            let passed: Vec<_> = events(text).into_iter().flat_map(|event| late.pass(event, now)).collect();
            assert_eq!(passed, events(left), "{text:?}");
        }
        let mut over = Late::expecting(now, false);
        assert_eq!(over.pass(events("\u{1b}]")[0].clone(), now + LATEST).len(), 1, "nothing is held back later on");
    }
}
