//! The detail's text, made again after a change of record, tab, width or focus.

use super::cursor::put;
use crate::store::Differ;
use crate::ui::detail;
use crate::ui::found::find;
use crate::ui::model::{DetailPane, GroupOfDetail, Model};

/// Makes the detail's text again after a change of record, tab, width or focus.
pub fn rewrap(model: &mut Model) {
    put(model, model.table.cursor);
    look_at_group(model);
    let columns = model.areas().map_or(0, |areas| areas.detail_columns());
    let row = model.detail.shown.as_ref().map(|shown| shown.row);
    let planned = row.and_then(|row| model.session.planned_checks.get(&row)).map(Vec::as_slice).unwrap_or_default();
    let DetailPane { raw_body, unwrapped, unfolded, stop, .. } = model.detail;
    let layout = detail::Layout { columns, raw_body, unwrapped, unfolded, stop, planned };
    let format = model.chrome.format(model.session.opened_at);
    let tab = model.detail.open_tab();
    if let Some(shown) = &mut model.detail.shown {
        let text = detail::text(&shown.record, shown.group.as_ref(), tab, layout, format);
        (shown.pinned, shown.lines, shown.joints, shown.stops) = (text.pinned, text.lines, text.joints, text.stops);
        model.detail.stop = stop.min(shown.stops.len().saturating_sub(1));
    }
    search_again(model);
    clamp_detail(model);
}

/// Keeps the last lines of the detail at its lower edge.
pub fn clamp_detail(model: &mut Model) {
    let visible = detail_lines(model);
    let lines = model.detail.shown.as_ref().map_or(0, |detail| detail.lines.len());
    model.detail.top = model.detail.top.min(lines.saturating_sub(visible));
}

/// Lines below the id line and what is pinned.
pub fn detail_lines(model: &Model) -> usize {
    let pinned = model.detail.shown.as_ref().map_or(0, |detail| detail.pinned.len()) + 1;
    model.areas().map_or(1, |areas| areas.detail_rows().saturating_sub(pinned))
}

/// Rows of a table of groups in which the members of one are still looked for at once.
const LOOKED_AT: usize = 200_000;

/// Finds out what differs in the selected group, when that is another one or has grown.
fn look_at_group(model: &mut Model) {
    let table = &model.table;
    let selected = table.selected_group().and_then(|number| {
        let group = table.groups.as_ref()?.groups.get(number)?;
        Some((number, group.count)).filter(|_| group.count > 1)
    });
    let known = model.detail.shown.as_ref().and_then(|shown| shown.group.as_ref());
    if known.map(|group| (group.number, group.count)) == selected {
        return;
    }
    let members = |number| match &table.groups {
        Some(folded) => folded.groups.members(&table.rows, &table.order, number),
        None => Vec::new(),
    };
    let group = selected.map(|(number, count)| GroupOfDetail {
        number,
        count,
        differ: (table.order.len() <= LOOKED_AT).then(|| Differ::among(&table.rows, &members(number))),
    });
    if let Some(shown) = &mut model.detail.shown {
        shown.group = group;
    }
}

/// Looks for the text in the lines that are there now.
pub fn search_again(model: &mut Model) {
    let Some(search) = &mut model.detail.search else { return };
    let found = match &model.detail.shown {
        Some(shown) => {
            let joints = shown.joints.iter().map(|(line, blank)| (line + shown.pinned.len(), *blank)).collect();
            find(shown.pinned.iter().chain(&shown.lines), &joints, &search.text)
        }
        None => Vec::new(),
    };
    // In another text the place means nothing.
    search.at = search.at.filter(|_| found.len() == search.found.len());
    search.found = found;
}
