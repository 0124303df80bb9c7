//! `update`: what happened changes the model and says what must be done. Pure: no clock, no
//! terminal, no file; the time comes with the message.

mod alike;
mod checks;
mod columns;
mod compare;
mod copied;
mod cursor;
mod detail_text;
mod earlier;
mod filter;
mod groups;
mod help_keys;
mod layers;
mod list_keys;
mod mouse;
mod next;
mod note;
mod nothing_done;
mod ordered;
mod page_keys;
mod palette_keys;
mod panes;
mod path;
mod preloaded;
pub mod profiles;
mod prompt;
mod range;
mod runs;
mod search;
mod sending;
mod settings;
mod table;
mod typing;
mod views;
mod watch;

use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::clipboard::one_line;
use super::effect::{Effect, Effects};
use super::keymap::Action;
use super::layout::Panes;
use super::message::Message;
use super::model::{Focus, Layer, ListKind, Model, StatusKind, Tab};
use crate::domain::record::Record;
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use next::Next;
use nothing_done::no_meaning;
use panes::{focus, show_tab};
pub use preloaded::open as open_preloaded;

/// Takes one message.
pub fn update(model: &mut Model, message: Message, now: Instant) -> Effects {
    let by_hand = matches!(message, Message::Key(_) | Message::Mouse(_) | Message::Pasted(_));
    if by_hand {
        views::settle(model);
    }
    let mut effects = match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => on_key(model, key, now),
        Message::Key(_) => Effects::new(),
        Message::Pasted(text) => layers::pasted(model, text, now),
        Message::Mouse(mouse) => {
            let next = mouse::on_mouse(model, mouse, now);
            go_on(model, next, now)
        }
        Message::Resized(width, height) => {
            model.chrome.size = (width, height);
            table::rewrap(model);
            Effects::new()
        }
        Message::Records(records) => runs::on_records(model, &records, now),
        Message::Watched(records) => watch::on_answers(model, &records, now),
        Message::RunsFound(found, opens) => earlier::on_runs(model, found, opens),
        Message::SentFound(found) => prompt::on_sent(model, found),
        Message::Opened(mode) => earlier::on_opened(model, mode, now),
        Message::FolderListed(folder, entries) => path::on_listed(model, &folder, entries),
        Message::Recorded(failures) => {
            model.session.recorded.failures = failures;
            Effects::new()
        }
        Message::NotRecorded(why) => runs::on_not_recorded(model, &why),
        Message::Finished => runs::on_finished(model, now),
        Message::Checked(row, record) => checks::on_checked(model, row, record),
        Message::ChecksFinished(row) => checks::on_finished(model, row, now),
        Message::Read(read) => preloaded::on_read(model, read, now),
        Message::NotStarted(reason) => {
            model.session.run.running = false;
            model.session.opening_sandbox = false;
            model.session.checking = None;
            model.session.watching = None;
            model.say_mistake(reason);
            Effects::new()
        }
        Message::Ordered(ordered) => ordered::on_ordered(model, ordered),
        Message::TargetsFound(text, found) => prompt::on_found(model, &text, found, now),
        Message::PastedRead(records, said) => runs::on_pasted(model, &records, said, now),
        Message::Detail(row, record) => {
            table::on_detail(model, row, record);
            Effects::new()
        }
        Message::NoDetail(row, reason) => {
            table::on_no_detail(model, row, &reason);
            Effects::new()
        }
        Message::PairRead(rows, records) => compare::show(model, rows, records),
        Message::Send(probes) => runs::start_asked(model, probes, now),
        Message::SandboxReady(profiles, probes, targets) => runs::on_sandbox(model, profiles, probes, targets, now),
        Message::ProfileLoaded(loaded) => {
            profiles::on_loaded(model, loaded, now);
            Effects::new()
        }
        Message::Noted(row, record) => {
            on_noted(model, row, record, now);
            Effects::new()
        }
        Message::Composed { label, text } => vec![Effect::Copy { label, text }],
        Message::Copied { label, text, way } => {
            copied::on_copied(model, &label, text, way, now);
            Effects::new()
        }
        Message::ToolOpened(Ok(())) => {
            copied::on_tool_opened(model, now);
            Effects::new()
        }
        Message::ToolOpened(Err(url)) => {
            copied::show_address(model, url, now);
            Effects::new()
        }
        Message::Notice(text) => {
            model.say_done(sanitize(&text).into_owned(), now);
            Effects::new()
        }
        Message::Failed(text) => {
            model.say_mistake(sanitize(&text).into_owned());
            Effects::new()
        }
        Message::TimeIsUp => {
            model.session.run.wait(now);
            model.chrome.status =
                model.chrome.status.take().filter(|status| status.until.is_none_or(|until| until > now));
            watch::on_time(model, now)
        }
    };
    if by_hand {
        views::settle(model);
    }
    effects.extend(table::want_detail(model));
    effects
}

fn on_noted(model: &mut Model, row: u32, record: Arc<Record>, now: Instant) {
    let words = if record.note.is_some() {
        tell!(model.chrome.language, "Note saved; it goes into the ticket")
    } else {
        tell!(model.chrome.language, "Note deleted")
    };
    model.say(words, now);
    table::on_noted(model, row, record);
}

/// Does what a layer leaves to the screen below it.
fn go_on(model: &mut Model, next: Next, now: Instant) -> Effects {
    match next {
        Next::Done(effects) => effects,
        Next::Act(action) => on_action(model, action, now),
        Next::PassOn(key) => on_key(model, key, now),
        Next::Leave(printed) => leave(model, printed),
    }
}

fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        match key.code {
            KeyCode::Char('c') => return leave(model, Vec::new()),
            KeyCode::Char('z') => return vec![Effect::Suspend],
            KeyCode::Char('l') => return vec![Effect::Redraw],
            _ => {}
        }
    }
    if model.chrome.status.as_ref().is_some_and(|status| status.kind == StatusKind::Mistake) {
        model.chrome.status = None;
    }
    if !model.chrome.layers.is_empty() {
        let next = layers::on_key(model, key, now);
        return go_on(model, next, now);
    }
    if model.session.is_unsigned_start && model.table.rows.is_empty() && key.code == KeyCode::Enter {
        return runs::open_sandbox(model);
    }
    if let Some(action) = model.chrome.keymap.action(key, model.chrome.focus == Focus::Detail) {
        return on_action(model, action, now);
    }
    no_meaning(
        model,
        key,
        &tell!(model.chrome.language, "%{key} lists all commands", key = model.key(Action::Commands)),
        now,
    );
    Effects::new()
}

/// Leaves, and prints these lines then; while something is being sent or checked, asks once.
fn ask_to_leave(model: &mut Model, printed: Vec<String>) -> Effects {
    let sending = model.session.run.running && !model.session.run.reading;
    if sending || model.session.checking.is_some() {
        model.chrome.layers.push(Layer::ConfirmQuit(printed));
        return Effects::new();
    }
    leave(model, printed)
}

fn leave(model: &mut Model, printed: Vec<String>) -> Effects {
    model.chrome.leaving = true;
    vec![Effect::Quit(printed)]
}

/// Leaves, and prints the ids of what is marked or selected, one a line.
fn leave_and_print(model: &mut Model) -> Effects {
    let ids: Vec<_> =
        model.picked().iter().map(|row| model.table.rows.get(*row).request_id).map(str::to_owned).collect();
    let ids = ids.iter().map(|id| one_line(id).0.into_owned()).filter(|id| !id.is_empty()).collect::<Vec<_>>();
    if ids.is_empty() {
        model.say_mistake(tell!(
            model.chrome.language,
            "No RequestId to print · %{key} quits",
            key = model.key(Action::Quit)
        ));
        return Effects::new();
    }
    ask_to_leave(model, ids)
}

/// Does what an action says; one that comes to nothing says why.
fn on_action(model: &mut Model, action: Action, now: Instant) -> Effects {
    let before = nothing_done::Before::of(model);
    let effects = perform(model, action, now);
    if effects.is_empty()
        && let Some(words) = before.words(model, action)
    {
        model.say_no_meaning(words, now);
    }
    effects
}

fn perform(model: &mut Model, action: Action, now: Instant) -> Effects {
    match action {
        Action::CopyId => return checks::copy_selected(model, now).unwrap_or_else(|| runs::copy_id(model)),
        Action::OpenTool => return runs::open_tool(model),
        Action::Diagnose => return checks::start(model, now),
        Action::CopyMenu => list_keys::open_copy(model),
        Action::Explain => page_keys::explain_selected(model),
        Action::Commands => palette_keys::open(model),
        Action::Note => note::open(model, now),
        // Space ends a range: its last row is marked already.
        Action::Mark if range::end(model) => {}
        Action::Mark => groups::mark(model),
        Action::MarkRange => range::switch(model, now),
        Action::MarkAll => groups::mark_all(model, now),
        Action::Compare => return compare::open(model),
        Action::Fold => list_keys::open(model, ListKind::Group),
        Action::Watch => watch::open(model),
        Action::History => return earlier::open(model),
        Action::Import => return path::open(model),
        Action::Probe => prompt::open(model),
        Action::Edit => prompt::open_on_row(model, now),
        Action::Profiles => list_keys::open(model, ListKind::Profiles),
        Action::Filter => filter::open(model),
        Action::OnlyLike | Action::NoneLike => return alike::narrow(model, action == Action::OnlyLike, now),
        Action::Undo | Action::Redo => return views::turn(model, action == Action::Undo, now),
        Action::Search => search::open(model),
        Action::NextMatch | Action::PreviousMatch => search::turn(model, action == Action::NextMatch, now),
        Action::Sort if model.table.groups.is_some() => {
            let words = tell!(
                model.chrome.language,
                "Groups are sorted by count. Enter opens one; %{key} sorts inside",
                key = model.key(Action::Sort)
            );
            model.say(words, now);
        }
        Action::Sort => list_keys::open(model, ListKind::Sort),
        Action::Rerun => return runs::rerun_selected(model, now),
        Action::RerunAll => runs::ask_to_rerun_all(model, now),
        Action::Cancel if model.session.checking.is_some() => return checks::cancel(model, now),
        Action::Cancel if watch::is_on(model) => return watch::stop(model, now),
        Action::Cancel => return runs::cancel(model, now),
        Action::ShowAll => {
            model.table.view.all = !model.table.view.all;
            return vec![table::ask_for_order(model)];
        }
        Action::WholeIds => model.table.columns.whole_ids = !model.table.columns.whole_ids,
        Action::Columns => model.chrome.layers.push(Layer::Columns(0)),
        Action::Follow => {
            views::remember(model);
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
            focus(model, Focus::Table);
        }
        Action::Focus => focus(model, Focus::Detail),
        Action::NextTab => panes::turn_tab(model, 1),
        Action::PreviousTab => panes::turn_tab(model, -1),
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
        Action::Unfold => checks::unfold(model),
        Action::Wrap => panes::wrap(model),
        Action::ScrollLeft => panes::sideways(model, -1, now),
        Action::ScrollRight => panes::sideways(model, 1, now),
        Action::TurnSplit => panes::turn_split(model),
        Action::EdgeBack => panes::move_edge(model, -1, now),
        Action::EdgeForth => panes::move_edge(model, 1, now),
        Action::Zoom => panes::zoom(model),
        Action::Close => return close(model),
        Action::Mouse => return switch_mouse(model, now),
        Action::Settings => model.chrome.layers.push(Layer::Settings(0)),
        Action::WhatWasRead => preloaded::tell_what_was_read(model, now),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => help_keys::open(model),
        Action::QuitAndPrint => return leave_and_print(model),
        Action::Quit => return ask_to_leave(model, Vec::new()),
    }
    Effects::new()
}

/// Takes the mouse, or gives it back to the terminal.
fn switch_mouse(model: &mut Model, now: Instant) -> Effects {
    model.chrome.look.mouse = !model.chrome.look.mouse;
    let words = if model.chrome.look.mouse {
        tell!(model.chrome.language, "Mouse on")
    } else {
        tell!(model.chrome.language, "Mouse off: the terminal selects text")
    };
    model.say(words, now);
    vec![Effect::TakeMouse(model.chrome.look.mouse)]
}

/// Esc: out of the search, the detail, the zoom, the marks, the group, the filter, the groups, in this order. It
/// never quits.
fn close(model: &mut Model) -> Effects {
    if model.detail.search.take().is_some() {
        return Effects::new();
    }
    if model.chrome.focus == Focus::Detail {
        focus(model, Focus::Table);
    } else if model.chrome.panes != Panes::Both {
        model.chrome.panes = Panes::Both;
        table::rewrap(model);
    } else if range::take_back(model) {
        return Effects::new();
    } else if !model.table.marks.is_empty() {
        model.table.marks.clear();
    } else if model.table.view.within.is_some() {
        return groups::close(model);
    } else if !model.table.filter.is_empty() {
        model.table.filter.clear();
        return filter::apply(model);
    } else if model.table.group_by.is_some() {
        return groups::group_by(model, None);
    } else if let Some(effects) = earlier::come_back(model) {
        return effects;
    }
    Effects::new()
}
