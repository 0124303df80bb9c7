//! What the column chooser shows and changes: each column, whether it stands, how wide, and what to know.

use std::borrow::Cow;

use super::model::Model;
use crate::config::save::{Edit, Setting};
use crate::domain::column::Column;
use crate::i18n::tell;
use crate::text::columns::{Placed, Wishes, columns};

/// A line of the chooser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The column.
    pub column: Column,
    /// It stands in the table or is asked for.
    pub on: bool,
    /// Its width, in words.
    pub width: String,
    /// What to know about it.
    pub about: String,
}

/// All columns in the order they stand in.
#[must_use]
pub fn choices(model: &Model) -> Vec<Choice> {
    let (wishes, placed) = (&model.table.columns, placed(model));
    let choice = |column: Column| {
        let stands = placed.iter().find(|placed| placed.column == column);
        let on = column.is_fixed() || stands.is_some() || wishes.added.contains(&column);
        Choice { column, on, width: width(model, column, stands), about: about(model, column, stands.is_some(), on) }
    };
    wishes.all().into_iter().map(choice).collect()
}

/// The columns as they stand; while the table is not shown, as they would on the whole screen.
#[must_use]
pub fn placed(model: &Model) -> Vec<Placed> {
    let width = model.areas().map_or(0, |areas| areas.table_columns());
    let width = if width == 0 { model.chrome.size.0 } else { width };
    columns(width, model.table.rows.content(), &model.table.columns)
}

/// Whether a width can be set.
#[must_use]
pub fn has_width(column: Column) -> bool {
    !matches!(column, Column::Status | Column::Message)
}

fn width(model: &Model, column: Column, stands: Option<&Placed>) -> String {
    let language = model.chrome.language;
    let set = model.table.columns.widths.iter().find(|(known, _)| *known == column);
    match (column, set, stands) {
        (Column::Message, ..) => tell!(language, "rest").into_owned(),
        (_, Some((_, width)), _) => width.to_string(),
        (Column::RequestId, ..) if model.table.columns.whole_ids => tell!(language, "whole").into_owned(),
        (Column::RequestId, ..) => tell!(language, "short").into_owned(),
        (Column::Status, _, Some(placed)) => placed.width.to_string(),
        (_, _, Some(placed)) => format!("{} {}", tell!(language, "auto"), placed.width),
        (_, _, None) => tell!(language, "auto").into_owned(),
    }
}

fn about(model: &Model, column: Column, stands: bool, on: bool) -> String {
    let language = model.chrome.language;
    let words: Cow<'_, str> = match (column, on, stands) {
        (Column::RequestId, ..) => tell!(language, "always · f short or whole"),
        (column, ..) if column.is_fixed() => tell!(language, "always"),
        (_, true, false) => tell!(language, "no room here"),
        (Column::Request | Column::Sure | Column::Time | Column::Took, false, _)
            if !model.table.columns.hidden.contains(&column) =>
        {
            tell!(language, "comes in with more room")
        }
        (Column::Request, ..) => tell!(language, "method, bucket, key"),
        (Column::Sure, ..) => tell!(language, "how certain the cause is"),
        (Column::Node, ..) => tell!(language, "inferred from the RequestId"),
        _ => Cow::default(),
    };
    model.chrome.glyphs.plain(&words)
}

/// The wishes as lines of `[columns]`.
#[must_use]
pub fn edits(wishes: &Wishes) -> Vec<Edit> {
    let names = |columns: &[Column]| columns.iter().map(|column| column.name().to_owned()).collect::<Vec<_>>();
    let list = |key, columns: &[Column]| Edit {
        table: Some("columns"),
        key,
        value: Setting::List(names(columns)),
        usual: columns.is_empty(),
    };
    let widths: Vec<_> = wishes.widths.iter().map(|(column, width)| (column.name().to_owned(), *width)).collect();
    let usual = widths.is_empty();
    vec![
        list("hidden", &wishes.hidden),
        list("added", &wishes.added),
        list("order", &wishes.order),
        Edit { table: Some("columns"), key: "widths", value: Setting::Numbers(widths), usual },
    ]
}
