//! `update`: what happened changes the model and says what must be done. Pure: no clock, no
//! terminal, no file; the time comes with the message.

mod checks;
mod groups;
mod layers;
pub mod menus;
mod note;
pub mod profiles;
mod prompt;
mod runs;
mod table;

use std::borrow::Cow;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use unicode_width::UnicodeWidthStr;

pub use prompt::{candidates, planned};

use super::clipboard::Way;
use super::effect::Effect;
use super::keymap::{self, Action};
use super::layout::Panes;
use super::message::Message;
use super::model::{Focus, Layer, Model, Tab};
use crate::domain::language::{Language, tell};
use crate::domain::text::visible;

/// A text longer than this is not shown for somebody to select.
const LONGEST_TO_SELECT: usize = 64 * 1024;

/// Effects in the order they are to be performed.
pub type Effects = Vec<Effect>;

/// Takes one message.
pub fn update(model: &mut Model, message: Message, now: Instant) -> Effects {
    let mut effects = match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => on_key(model, key, now),
        Message::Key(_) => Effects::new(),
        Message::Pasted(text) => layers::pasted(model, &text, now),
        Message::Mouse(mouse) => table::on_mouse(model, mouse),
        Message::Resized(width, height) => {
            model.size = (width, height);
            table::rewrap(model);
            Effects::new()
        }
        Message::Records(records) => runs::on_records(model, &records, now),
        Message::Recorded(failures) => {
            model.recorded.failures = failures;
            Effects::new()
        }
        Message::NotRecorded(why) => {
            model.recorded.stopped = true;
            let reason = tell!(model.language, "From here on nothing is recorded:").into_owned();
            // Below what is open: nobody's typing is to close it unread.
            model.layers.insert(0, Layer::Select { reason, text: visible(&why).into_owned() });
            Effects::new()
        }
        Message::Finished => runs::on_finished(model, now),
        Message::Checked(row, record) => {
            checks::on_checked(model, row, record);
            Effects::new()
        }
        Message::ChecksFinished(row) => checks::on_finished(model, row, now),
        Message::Read(lines) => {
            runs::on_read(model, &lines, now);
            Effects::new()
        }
        Message::NotStarted(reason) => {
            model.run.running = false;
            model.opening_sandbox = false;
            model.checking = None;
            model.say(reason, now);
            Effects::new()
        }
        Message::Ordered(ordered) => table::on_ordered(model, ordered),
        Message::Detail(row, record) => {
            table::on_detail(model, row, record);
            Effects::new()
        }
        Message::SandboxReady(profiles, probes, targets) => runs::on_sandbox(model, profiles, probes, targets, now),
        Message::ProfileLoaded(loaded) => {
            profiles::on_loaded(model, loaded, now);
            Effects::new()
        }
        Message::Noted(row, record) => {
            let words = if record.note.is_some() {
                tell!(model.language, "Note kept; the ticket has it")
            } else {
                tell!(model.language, "The note is gone")
            };
            model.say(words, now);
            table::on_noted(model, row, record);
            Effects::new()
        }
        Message::Composed { label, text } => vec![Effect::Copy { label, text }],
        Message::Copied(label, copied) => {
            on_copied(model, &label, copied, now);
            Effects::new()
        }
        Message::Opened(Ok(())) => {
            let so_far = model.status.take().map(|status| format!("{} · ", status.text)).unwrap_or_default();
            model.say(format!("{so_far}{}", tell!(model.language, "diagnosis tool opened in the browser")), now);
            Effects::new()
        }
        Message::Opened(Err(url)) => {
            show_address(model, url, now);
            Effects::new()
        }
        Message::Notice(text) => {
            model.say(visible(&text).into_owned(), now);
            Effects::new()
        }
        Message::StatusExpired => {
            model.status = model.status.take().filter(|status| status.until > now);
            Effects::new()
        }
    };
    effects.extend(table::want_detail(model));
    effects
}

/// Shows the diagnosis tool's address whole: in the footer where it fits, else on a line of its own.
fn show_address(model: &mut Model, url: String, now: Instant) {
    let so_far = model.status.take().map(|status| format!("{} · ", status.text)).unwrap_or_default();
    let reason = format!("{so_far}{}", tell!(model.language, "no browser here, open"));
    let words = format!("{reason} {url}");
    if words.width() + 2 <= usize::from(model.size.0) {
        model.say(words, now);
    } else {
        model.layers.push(Layer::Select { reason, text: url });
    }
}

/// Says which way a text went; where none took it, it is shown, unless it is too long for that.
fn on_copied(model: &mut Model, label: &str, copied: Result<Way, String>, now: Instant) {
    let language = model.language;
    match copied {
        Ok(way) => model.say(copied_words(label, way, language), now),
        Err(text) if text.len() > LONGEST_TO_SELECT => {
            let words = tell!(
                language,
                "%{label}: %{kib} KiB are more than a clipboard here takes; Y e writes a file",
                label = label,
                kib = text.len() / 1024
            );
            model.say(words, now);
        }
        Err(text) => {
            let reason = tell!(language, "No clipboard here. %{label}, to select:", label = label).into_owned();
            model.layers.push(Layer::Select { reason, text });
        }
    }
}

fn copied_words(label: &str, way: Way, language: Language) -> Cow<'static, str> {
    match way {
        Way::Local => tell!(language, "%{label} copied to the clipboard", label = label),
        Way::Tmux => tell!(language, "%{label} in the tmux buffer", label = label),
        Way::Osc52 => tell!(language, "%{label} sent to the terminal's clipboard (OSC 52)", label = label),
    }
}

fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        match key.code {
            KeyCode::Char('c') => return leave(model),
            KeyCode::Char('z') => return vec![Effect::Suspend],
            KeyCode::Char('l') => return vec![Effect::Redraw],
            _ => {}
        }
    }
    if !model.layers.is_empty() {
        return layers::on_key(model, key, now);
    }
    if model.no_profile && model.rows.is_empty() && key.code == KeyCode::Enter {
        return runs::open_sandbox(model);
    }
    match keymap::action(key, model.focus == Focus::Detail) {
        Some(action) => on_action(model, action, now),
        None => Effects::new(),
    }
}

fn leave(model: &mut Model) -> Effects {
    model.leaving = true;
    vec![Effect::Quit]
}

fn on_action(model: &mut Model, action: Action, now: Instant) -> Effects {
    match action {
        Action::CopyId => return runs::copy_id(model, now),
        Action::OpenTool => return runs::open_tool(model, now),
        Action::Diagnose => return checks::start(model, now),
        Action::CopyMenu if model.order.is_empty() => {
            model.say(tell!(model.language, "There is no row to copy from"), now);
        }
        Action::CopyMenu => model.layers.push(Layer::CopyMenu),
        Action::Note => note::open(model, now),
        Action::Mark => groups::mark(model),
        Action::MarkAll => groups::mark_all(model, now),
        Action::Unmark => groups::unmark(model, now),
        Action::Fold => return groups::fold(model),
        Action::Probe => prompt::open(model),
        Action::Profiles => profiles::open(model),
        Action::Filter => layers::open_filter(model),
        Action::Sort if model.folded.is_some() => {
            let words = tell!(model.language, "The largest group comes first; Enter opens one, and s sorts its rows");
            model.say(words, now);
        }
        Action::Sort => model.layers.push(Layer::SortMenu),
        Action::Rerun => return runs::rerun_selected(model, now),
        Action::RerunAll => runs::ask_to_rerun_all(model, now),
        Action::Cancel if model.checking.is_some() => return checks::cancel(model, now),
        Action::Cancel => return runs::cancel(model, now),
        Action::ShowAll => {
            model.view.all = !model.view.all;
            return vec![table::ask_for_order(model)];
        }
        Action::Follow => {
            model.follow = !model.follow;
            table::move_to(model, usize::MAX);
        }
        Action::Down => table::step(model, 1),
        Action::Up => table::step(model, -1),
        Action::HalfDown => table::step(model, table::half_page(model)),
        Action::HalfUp => table::step(model, -table::half_page(model)),
        Action::PageDown => table::step(model, 2 * table::half_page(model)),
        Action::PageUp => table::step(model, -2 * table::half_page(model)),
        Action::First => table::step(model, isize::MIN),
        Action::Last => table::step(model, isize::MAX),
        Action::Open if model.folded.is_some() => return groups::open(model),
        Action::Open if model.selected().is_some() => focus(model, Focus::Detail),
        Action::Open => {}
        Action::Focus if model.focus == Focus::Detail || model.selected().is_none() => focus(model, Focus::Table),
        Action::Focus => focus(model, Focus::Detail),
        Action::NextTab => turn(model, 1),
        Action::PreviousTab => turn(model, Tab::ALL.len() - 1),
        Action::TabVerdict => show_tab(model, Tab::Verdict),
        Action::TabHeaders => show_tab(model, Tab::Headers),
        Action::TabBody => show_tab(model, Tab::Body),
        Action::TabRequest => show_tab(model, Tab::Request),
        Action::TabTiming => show_tab(model, Tab::Timing),
        Action::Raw => {
            model.raw = !model.raw;
            show_tab(model, Tab::Body);
        }
        Action::Zoom => {
            model.panes = match (model.panes, model.focus) {
                (Panes::Both, Focus::Table) => Panes::Table,
                (Panes::Both, Focus::Detail) => Panes::Detail,
                _ => Panes::Both,
            };
            table::rewrap(model);
        }
        Action::Close => return close(model),
        Action::Mouse => return switch_mouse(model, now),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => model.layers.push(Layer::Help(0)),
        Action::Quit => return leave(model),
    }
    Effects::new()
}

/// Takes the mouse, or gives it back to the terminal.
fn switch_mouse(model: &mut Model, now: Instant) -> Effects {
    model.look.mouse = !model.look.mouse;
    let words = if model.look.mouse {
        tell!(model.language, "The mouse works here")
    } else {
        tell!(model.language, "The mouse is the terminal's: select text")
    };
    model.say(words, now);
    vec![Effect::TakeMouse(model.look.mouse)]
}

/// Esc: out of the detail, then of the zoom, the group, the filter and the groups. It never leaves.
fn close(model: &mut Model) -> Effects {
    if model.focus == Focus::Detail {
        focus(model, Focus::Table);
    } else if model.panes != Panes::Both {
        model.panes = Panes::Both;
        table::rewrap(model);
    } else if model.view.within.is_some() {
        return groups::close(model);
    } else if !model.filter.is_empty() {
        model.filter.clear();
        return layers::apply_filter(model);
    } else if model.fold {
        return groups::fold(model);
    }
    Effects::new()
}

fn focus(model: &mut Model, focus: Focus) {
    model.focus = focus;
    if model.panes != Panes::Both {
        model.panes = if focus == Focus::Detail { Panes::Detail } else { Panes::Table };
    }
    table::rewrap(model);
}

fn turn(model: &mut Model, by: usize) {
    let place = Tab::ALL.iter().position(|tab| *tab == model.tab).unwrap_or(0);
    show_tab(model, Tab::ALL[(place + by) % Tab::ALL.len()]);
}

fn show_tab(model: &mut Model, tab: Tab) {
    model.tab = tab;
    model.detail_top = 0;
    table::rewrap(model);
}
