//! `update`: what happened changes the model and says what must be done. Pure: no clock, no
//! terminal, no file; the time comes with the message.

mod checks;
mod groups;
mod layers;
mod menu_keys;
mod note;
pub mod profiles;
mod prompt;
mod runs;
mod table;

use std::borrow::Cow;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use unicode_width::UnicodeWidthStr;

use super::clipboard::Way;
use super::effect::Effect;
use super::keymap::{self, Action};
use super::layout::{Panes, Split};
use super::message::Message;
use super::model::{Focus, Layer, Model, Tab};
use crate::domain::language::{Language, tell};
use crate::domain::text::visible;

/// A text longer than this is not shown for somebody to select.
const LONGEST_TO_SELECT: usize = 64 * 1024;

/// Columns that an unwrapped text moves by.
const SIDEWAYS: isize = 8;

/// Effects in the order they are to be performed.
pub type Effects = Vec<Effect>;

/// Takes one message.
pub fn update(model: &mut Model, message: Message, now: Instant) -> Effects {
    let mut effects = match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => on_key(model, key, now),
        Message::Key(_) => Effects::new(),
        Message::Pasted(text) => layers::pasted(model, text, now),
        Message::Mouse(mouse) => table::on_mouse(model, mouse),
        Message::Resized(width, height) => {
            model.chrome.size = (width, height);
            table::rewrap(model);
            Effects::new()
        }
        Message::Records(records) => runs::on_records(model, &records, now),
        Message::Recorded(failures) => {
            model.session.recorded.failures = failures;
            Effects::new()
        }
        Message::NotRecorded(why) => {
            model.session.recorded.stopped = true;
            let reason = tell!(model.chrome.language, "From here on nothing is recorded:").into_owned();
            // Below what is open: nobody's typing is to close it unread.
            model.chrome.layers.insert(0, Layer::Select { reason, text: visible(&why).into_owned() });
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
            model.session.run.running = false;
            model.session.opening_sandbox = false;
            model.session.checking = None;
            model.say(reason, now);
            Effects::new()
        }
        Message::Ordered(ordered) => table::on_ordered(model, ordered),
        Message::TargetsFound(text, found) => prompt::on_found(model, &text, found, now),
        Message::PastedRead(records, said) => runs::on_pasted(model, &records, said, now),
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
                tell!(model.chrome.language, "Note kept; the ticket has it")
            } else {
                tell!(model.chrome.language, "The note is gone")
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
            let so_far = model.chrome.status.take().map(|status| format!("{} · ", status.text)).unwrap_or_default();
            model.say(format!("{so_far}{}", tell!(model.chrome.language, "diagnosis tool opened in the browser")), now);
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
            model.chrome.status = model.chrome.status.take().filter(|status| status.until > now);
            Effects::new()
        }
    };
    effects.extend(table::want_detail(model));
    effects
}

/// Shows the diagnosis tool's address whole: in the footer where it fits, else on a line of its own.
fn show_address(model: &mut Model, url: String, now: Instant) {
    let so_far = model.chrome.status.take().map(|status| format!("{} · ", status.text)).unwrap_or_default();
    let reason = format!("{so_far}{}", tell!(model.chrome.language, "no browser here, open"));
    let words = format!("{reason} {url}");
    if words.width() + 2 <= usize::from(model.chrome.size.0) {
        model.say(words, now);
    } else {
        model.chrome.layers.push(Layer::Select { reason, text: url });
    }
}

/// Says which way a text went; where none took it, it is shown, unless it is too long for that.
fn on_copied(model: &mut Model, label: &str, copied: Result<Way, String>, now: Instant) {
    let language = model.chrome.language;
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
            model.chrome.layers.push(Layer::Select { reason, text });
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
    if !model.chrome.layers.is_empty() {
        return layers::on_key(model, key, now);
    }
    if model.session.is_unsigned_start && model.table.rows.is_empty() && key.code == KeyCode::Enter {
        return runs::open_sandbox(model);
    }
    match keymap::action(key, model.chrome.focus == Focus::Detail) {
        Some(action) => on_action(model, action, now),
        None => Effects::new(),
    }
}

fn leave(model: &mut Model) -> Effects {
    model.chrome.leaving = true;
    vec![Effect::Quit]
}

fn on_action(model: &mut Model, action: Action, now: Instant) -> Effects {
    match action {
        Action::CopyId => return runs::copy_id(model, now),
        Action::OpenTool => return runs::open_tool(model, now),
        Action::Diagnose => return checks::start(model, now),
        Action::CopyMenu if model.table.order.is_empty() => {
            model.say(tell!(model.chrome.language, "There is no row to copy from"), now);
        }
        Action::CopyMenu => model.chrome.layers.push(Layer::CopyMenu),
        Action::Note => note::open(model, now),
        Action::Mark => groups::mark(model),
        Action::MarkAll => groups::mark_all(model, now),
        Action::Fold => return groups::fold(model),
        Action::Probe => prompt::open(model),
        Action::Edit => prompt::open_on_row(model, now),
        Action::Profiles => profiles::open(model),
        Action::Filter => layers::open_filter(model),
        Action::Sort if model.table.groups.is_some() => {
            let words =
                tell!(model.chrome.language, "The largest group comes first; Enter opens one, and s sorts its rows");
            model.say(words, now);
        }
        Action::Sort => model.chrome.layers.push(Layer::SortMenu),
        Action::Rerun => return runs::rerun_selected(model, now),
        Action::RerunAll => runs::ask_to_rerun_all(model, now),
        Action::Cancel if model.session.checking.is_some() => return checks::cancel(model, now),
        Action::Cancel => return runs::cancel(model, now),
        Action::ShowAll => {
            model.table.view.all = !model.table.view.all;
            return vec![table::ask_for_order(model)];
        }
        Action::WholeIds => model.table.columns.whole_ids = !model.table.columns.whole_ids,
        Action::Follow => {
            model.table.follow = !model.table.follow;
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
        Action::Open if model.table.groups.is_some() => return groups::open(model),
        Action::Open if model.selected().is_some() => focus(model, Focus::Detail),
        Action::Open => {}
        Action::Focus if model.chrome.focus == Focus::Detail || model.selected().is_none() => {
            focus(model, Focus::Table)
        }
        Action::Focus => focus(model, Focus::Detail),
        Action::NextTab => turn(model, 1),
        Action::PreviousTab => turn(model, -1),
        Action::TabWhy => show_tab(model, Tab::Why),
        Action::TabHeaders => show_tab(model, Tab::Headers),
        Action::TabBody => show_tab(model, Tab::Body),
        Action::TabRequest => show_tab(model, Tab::Request),
        Action::TabTiming => show_tab(model, Tab::Timing),
        Action::TabChecks => show_tab(model, Tab::Checks),
        Action::TabSign => show_tab(model, Tab::Sign),
        Action::Raw => {
            model.detail.raw_body = !model.detail.raw_body;
            show_tab(model, Tab::Body);
        }
        Action::Wrap => {
            model.detail.unwrapped = !model.detail.unwrapped;
            model.detail.left = 0;
            table::rewrap(model);
        }
        Action::ScrollLeft => sideways(model, -SIDEWAYS, now),
        Action::ScrollRight => sideways(model, SIDEWAYS, now),
        Action::TurnSplit => {
            let beside = model.areas().is_some_and(|areas| areas.beside);
            model.chrome.split = Split { beside: Some(!beside), moved: 0 };
            table::rewrap(model);
        }
        Action::EdgeBack => move_edge(model, -1),
        Action::EdgeForth => move_edge(model, 1),
        Action::Zoom => {
            model.chrome.panes = match (model.chrome.panes, model.chrome.focus) {
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
        Action::Help => model.chrome.layers.push(Layer::Help(0)),
        Action::Quit => return leave(model),
    }
    Effects::new()
}

/// Moves the edge between table and detail: by two lines, or four columns.
fn move_edge(model: &mut Model, by: i16) {
    let step = if model.areas().is_some_and(|areas| areas.beside) { 4 } else { 2 };
    model.chrome.split.moved = (model.chrome.split.moved + by * step).clamp(-200, 200);
    table::rewrap(model);
}

/// Moves an unwrapped text sideways.
fn sideways(model: &mut Model, by: isize, now: Instant) {
    if !model.detail.unwrapped {
        model.say(tell!(model.chrome.language, "Lines are wrapped here · w turns that off"), now);
        return;
    }
    let widest = model.detail.shown.as_ref().and_then(|shown| shown.lines.iter().map(ratatui::text::Line::width).max());
    let room = model.areas().map_or(1, |areas| areas.detail_columns());
    let most = widest.unwrap_or(0).saturating_sub(room);
    model.detail.left = model.detail.left.saturating_add_signed(by).min(most);
}

/// Takes the mouse, or gives it back to the terminal.
fn switch_mouse(model: &mut Model, now: Instant) -> Effects {
    model.chrome.look.mouse = !model.chrome.look.mouse;
    let words = if model.chrome.look.mouse {
        tell!(model.chrome.language, "The mouse works here")
    } else {
        tell!(model.chrome.language, "The mouse is the terminal's: select text")
    };
    model.say(words, now);
    vec![Effect::TakeMouse(model.chrome.look.mouse)]
}

/// Esc: out of the detail, the zoom, the marks, the group, the filter, the groups, in this order. It never quits.
fn close(model: &mut Model) -> Effects {
    if model.chrome.focus == Focus::Detail {
        focus(model, Focus::Table);
    } else if model.chrome.panes != Panes::Both {
        model.chrome.panes = Panes::Both;
        table::rewrap(model);
    } else if !model.table.marks.is_empty() {
        model.table.marks.clear();
    } else if model.table.view.within.is_some() {
        return groups::close(model);
    } else if !model.table.filter.is_empty() {
        model.table.filter.clear();
        return layers::apply_filter(model);
    } else if model.table.group_rows {
        return groups::fold(model);
    }
    Effects::new()
}

fn focus(model: &mut Model, focus: Focus) {
    model.chrome.focus = focus;
    if model.chrome.panes != Panes::Both {
        model.chrome.panes = if focus == Focus::Detail { Panes::Detail } else { Panes::Table };
    }
    table::rewrap(model);
}

/// Shows the next tab, or the previous one.
fn turn(model: &mut Model, by: isize) {
    let record = model.detail.shown.as_ref().map(|shown| &shown.record);
    let tabs: Vec<_> =
        Tab::ALL.into_iter().filter(|tab| record.is_none_or(|record| tab.is_shown_for(record))).collect();
    let place = tabs.iter().position(|tab| *tab == model.detail.tab).unwrap_or(0);
    show_tab(model, tabs[(place + tabs.len()).saturating_add_signed(by) % tabs.len()]);
}

fn show_tab(model: &mut Model, tab: Tab) {
    let record = model.detail.shown.as_ref().map(|shown| &shown.record);
    model.detail.tab = if record.is_none_or(|record| tab.is_shown_for(record)) { tab } else { Tab::Why };
    model.detail.top = 0;
    model.detail.left = 0;
    table::rewrap(model);
}
