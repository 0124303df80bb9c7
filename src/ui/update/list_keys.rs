//! The keys of the lists: what to copy, what to sort by, which profile to send as.

use std::time::Instant;

use crossterm::event::KeyCode;
use ratatui::layout::Position;

use super::nothing_done::no_meaning;
use super::{Effects, earlier, groups, profiles, runs, table, watch};
use crate::domain::column::Column;
use crate::i18n::tell;
use crate::report::ticket::{Keys, Who, proxy_hosts};
use crate::ui::effect::{CopyRows, Effect};
use crate::ui::keymap::{Action, Keymap};
use crate::ui::lists::{self, Copied, Take};
use crate::ui::model::{Layer, List, ListKind, Model};

/// Reading more rows than this takes long enough for a note.
const MANY: usize = 1000;

/// Opens what can be copied of the marked rows, the selected group or the selected row.
pub fn open_copy(model: &mut Model) {
    if model.picked_count() == 0 {
        model.say_mistake(tell!(model.chrome.language, "Select a row first"));
        return;
    }
    let ids = ids_to_copy(model);
    open(model, ListKind::Copy { ids });
}

/// Ids among the rows shown where the selected one is to be copied, else among those to be copied.
pub fn ids_to_copy(model: &Model) -> usize {
    let rows = if lists::is_of_selected(model) { model.table.order.clone() } else { model.picked() };
    rows.iter().filter(|row| !model.table.rows.get(**row).request_id.is_empty()).count()
}

/// Opens a list; that of the profiles on the current one.
pub fn open(model: &mut Model, kind: ListKind) {
    let cursor = match kind {
        ListKind::Profiles => model.session.current,
        ListKind::Sort => {
            let column = model.table.view.sort.column;
            lists::SORT.iter().position(|(_, known)| *known == column).unwrap_or(0)
        }
        ListKind::Copy { .. } | ListKind::Group | ListKind::Watch | ListKind::Earlier => 0,
    };
    model.chrome.layers.push(Layer::List(List { kind, cursor }));
}

/// A key in the list: that of a line takes it; others move, take the selected line or close.
pub fn on_key(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let Some(&Layer::List(list)) = model.chrome.layers.last() else { return Effects::new() };
    let content = lists::content(model, list.kind);
    let taken = content.lines.iter().position(|line| Some(key) == line.key.map(KeyCode::Char));
    // `YY` is the quickest way to the id.
    let again = matches!((key, list.kind), (KeyCode::Char('Y'), ListKind::Copy { .. })).then_some(0);
    if let Some(place) = taken.or(again) {
        return take(model, content.takes[place], now);
    }
    let end = content.lines.len().saturating_sub(1);
    let to = |from: usize, by: isize| {
        let place = from.saturating_add_signed(by).min(end);
        let is_heading = content.lines.get(place).is_some_and(|line| line.heading);
        if is_heading { place.saturating_add_signed(by.signum()).min(end) } else { place }
    };
    let cursor = match key {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => to(list.cursor, 1),
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => to(list.cursor, -1),
        KeyCode::Char('g') | KeyCode::Home | KeyCode::PageUp => 0,
        KeyCode::Char('G') | KeyCode::End | KeyCode::PageDown => end,
        KeyCode::Enter => return take(model, content.takes.get(list.cursor).copied().flatten(), now),
        KeyCode::Esc | KeyCode::Char('q') => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        other => {
            no_meaning(model, other, &tell!(model.chrome.language, "Esc closes"), now);
            return Effects::new();
        }
    };
    if let Some(Layer::List(list)) = model.chrome.layers.last_mut() {
        list.cursor = cursor;
    }
    Effects::new()
}

/// A click takes the line under it; a click outside closes the list.
pub fn on_click(model: &mut Model, at: Position, now: Instant) -> Effects {
    let Some(&Layer::List(list)) = model.chrome.layers.last() else { return Effects::new() };
    let hit = lists::with_popup(model, list, |popup, screen, content| {
        popup.line_at(screen, at).map(|place| content.takes.get(place).copied().flatten())
    });
    match hit {
        Some(line) => take(model, line, now),
        None => Effects::new(),
    }
}

fn take(model: &mut Model, line: Option<Take>, now: Instant) -> Effects {
    let Some(line) = line else { return Effects::new() };
    model.chrome.layers.pop();
    perform(model, line, now)
}

/// Does what a line says.
pub fn perform(model: &mut Model, line: Take, now: Instant) -> Effects {
    match line {
        Take::Copy(what) => copy(model, what, now),
        Take::Sort(column) => sort_by(model, column),
        Take::Group(by) => groups::group_by(model, by),
        Take::Profile(place) => profiles::choose(model, place, now),
        Take::Watch(what) => watch::start(model, what, now),
        Take::Pause(seconds) => {
            watch::choose_pause(model, seconds);
            Effects::new()
        }
        Take::Earlier(place) => earlier::take(model, place),
    }
}

fn copy(model: &mut Model, what: Copied, now: Instant) -> Effects {
    let rows = model.picked();
    if rows.is_empty() {
        model.say_mistake(tell!(model.chrome.language, "Select a row first"));
        return Effects::new();
    }
    let reads = !matches!(what, Copied::Id | Copied::AllIds);
    if rows.len() > MANY && reads {
        model.say(tell!(model.chrome.language, "Reading %{n} rows…", n = rows.len()), now);
    }
    match what {
        Copied::Id => runs::copy_selected_id(model),
        Copied::AllIds => copy_all_ids(model, &rows),
        Copied::Line => vec![Effect::CopyRows { what: CopyRows::Line, rows }],
        Copied::Curl => vec![Effect::CopyRows { what: CopyRows::Curl, rows }],
        Copied::Json => vec![Effect::CopyRows { what: CopyRows::Json, rows }],
        Copied::Ticket => vec![ticket(model, rows, false)],
        Copied::TicketFile => vec![ticket(model, rows, true)],
        Copied::Evidence => vec![Effect::SaveEvidence(rows)],
        Copied::Csv if !lists::is_of_selected(model) => vec![Effect::SaveCsv(rows)],
        Copied::Csv => vec![Effect::SaveCsv(model.table.order.clone())],
        Copied::Headers | Copied::Body | Copied::Policy | Copied::Checks | Copied::SignedTexts => {
            if let Some((label, text)) = lists::copied_text(model, what) {
                return vec![Effect::Copy { label, text }];
            }
            model.say_mistake(tell!(model.chrome.language, "The row is still being read"));
            Effects::new()
        }
    }
}

/// All ids of what is marked, of the selected group, or of everything shown.
fn copy_all_ids(model: &mut Model, picked: &[u32]) -> Effects {
    if lists::is_of_selected(model) {
        let shown = model.table.order.clone();
        let none = tell!(model.chrome.language, "No row shown has a RequestId");
        return runs::copy_ids(model, &shown, &none);
    }
    let none = tell!(model.chrome.language, "No row here has a RequestId");
    runs::copy_ids(model, picked, &none)
}

fn ticket(model: &Model, rows: Vec<u32>, to_file: bool) -> Effect {
    let sent = rows.first().and_then(|row| runs::sent(model, *row));
    let who = sent.map(|(probe, _)| Who::from(&probe.auth));
    let proxies = sent.map(|(_, connection)| proxy_hosts(&connection.proxies)).unwrap_or_default();
    Effect::Ticket { rows, who, proxies, keys: keys(&model.chrome.keymap), to_file }
}

/// The keys that get what a ticket may lack.
fn keys(keymap: &Keymap) -> Keys {
    let key = |action| keymap.key(action).to_owned();
    let menu = key(Action::CopyMenu);
    Keys {
        often: key(Action::Rerun),
        checks: key(Action::Diagnose),
        note: [key(Action::OpenTool), key(Action::Note)].join(" ").trim().to_owned(),
        rest: if menu.is_empty() { menu } else { menu + " E" },
    }
}

/// Sorts by a column; the same column again turns the order round.
pub fn sort_by(model: &mut Model, column: Column) -> Effects {
    let sort = &mut model.table.view.sort;
    sort.descending = sort.column == column && !sort.descending;
    sort.column = column;
    vec![table::ask_for_order(model)]
}
