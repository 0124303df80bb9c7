//! Aligned columns for reading. On a terminal they are the screen's own columns at that width, and no
//! line is wider; elsewhere every value is whole.

use std::io::{self, Write};

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::look::{Look, Role};
use super::record_writer::RecordWriter;
use crate::domain::column::Column;
use crate::domain::record::Record;
use crate::domain::row::Row;
use crate::domain::severity::Severity;
use crate::i18n::tell;
use crate::store::Rows;
use crate::text::cells;
use crate::text::columns::{EDGE, Placed, Wishes, columns};
use crate::text::sanitize::sanitize;
use crate::text::shorten;
use crate::text::width::prefix_of_width;

/// Where nothing is cut, columns are aligned up to this width; a longer value shifts its own line only.
const ALIGNED: usize = 100;

/// The columns where nothing is cut.
const WHOLE: [Column; 9] = [
    Column::Status,
    Column::Code,
    Column::Message,
    Column::Request,
    Column::RequestId,
    Column::Sure,
    Column::Time,
    Column::Took,
    Column::Operation,
];

/// A column with its place on the line; `at` is the room in front of it, `width` what is cut to.
#[derive(Clone, Copy)]
struct Cut {
    column: Column,
    at: usize,
    width: usize,
}

/// A cell: pieces of text, each in its role.
type Cell = Vec<(String, Role)>;

/// Columns, written when all records are there.
pub struct Table<W> {
    out: W,
    look: Look,
    rows: Rows,
    /// The records' numbers, which order them.
    ids: Vec<u32>,
}

impl<W: Write> Table<W> {
    /// Columns to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self { out, look, rows: Rows::default(), ids: Vec::new() }
    }
}

impl<W: Write> RecordWriter for Table<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.rows.push(record, &cells::message(record, self.look.language));
        self.ids.push(record.id);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut order: Vec<u32> = (0..).take(self.rows.len()).collect();
        order.sort_by_key(|row| self.ids[*row as usize]);
        let layout = Layout::new(&self.look, &self.rows, &order);
        writeln!(self.out, "{}", layout.heads())?;
        for (number, row) in (1..).zip(order) {
            writeln!(self.out, "{}", layout.line(number, &self.rows.get(row)))?;
        }
        self.out.flush()
    }
}

/// Where each column of this table stands.
struct Layout<'a> {
    look: &'a Look,
    /// Columns of the number in front of a row, and the blank behind it.
    front: usize,
    cuts: Vec<Cut>,
    /// Characters of the ids' tails that tell them apart.
    tail: usize,
}

impl<'a> Layout<'a> {
    fn new(look: &'a Look, rows: &Rows, order: &[u32]) -> Self {
        let front = if look.numbered { rows.len().to_string().len() + 1 } else { 0 };
        let tail = shorten::tail_of(order.iter().map(|row| rows.get(*row).request_id));
        let mut layout = Self { look, front, cuts: Vec::new(), tail };
        layout.cuts = match look.width {
            Some(width) => layout.of_the_screen(width, rows),
            None => layout.whole(rows),
        };
        layout
    }

    /// The screen's columns; what it keeps free for the selection holds the number.
    fn of_the_screen(&self, width: u16, rows: &Rows) -> Vec<Cut> {
        let edge = usize::from(EDGE);
        let over = u16::try_from(self.front.saturating_sub(edge)).unwrap_or(0);
        let wishes = Wishes { with_day: self.look.with_day, ..Wishes::default() };
        let last = usize::from(width);
        let cut = |Placed { column, x, width }: Placed| {
            let at = usize::from(x) - edge + self.front;
            let width = usize::from(width).min(last.saturating_sub(at));
            (width > 0).then_some(Cut { column, at, width })
        };
        columns(width.saturating_sub(over), rows.content(), &wishes).into_iter().filter_map(cut).collect()
    }

    /// Columns as wide as what they hold; one that holds nothing is not there.
    fn whole(&self, rows: &Rows) -> Vec<Cut> {
        let mut columns = WHOLE.to_vec();
        if self.look.with_day {
            columns.sort_by_key(|column| *column != Column::Time);
        }
        let mut widths = vec![0; columns.len()];
        for row in (0..).take(rows.len()) {
            let row = rows.get(row);
            for (width, column) in widths.iter_mut().zip(&columns) {
                *width = (*width).max(cell_width(&self.cell(&row, *column, usize::MAX)).min(ALIGNED));
            }
        }
        let mut at = self.front;
        let mut cuts = Vec::new();
        for (column, width) in columns.into_iter().zip(widths).filter(|(_, width)| *width > 0) {
            cuts.push(Cut { column, at, width: usize::MAX });
            at += width.max(cells::title(column, self.look.language).width()) + 2;
        }
        cuts
    }

    fn heads(&self) -> String {
        let head = |cut: &Cut| {
            let title = match (cut.column, cut.width) {
                // Its own head would touch the Code.
                (Column::Status, ..6) => tell!(self.look.language, "Stat"),
                (Column::Time, ..8) => tell!(self.look.language, "Age"),
                (column, _) => cells::title(column, self.look.language),
            };
            let right = if cut.column == Column::Took && cut.width < usize::MAX { cut.width } else { 0 };
            vec![(format!("{:>right$}", self.fitted(&title, cut.width)), Role::Head)]
        };
        self.joined(String::new(), self.cuts.iter().map(head))
    }

    fn line(&self, number: usize, row: &Row<'_>) -> String {
        let digits = self.front.saturating_sub(1);
        let front = if self.look.numbered { format!("{number:>digits$}") } else { String::new() };
        self.joined(front, self.cuts.iter().map(|cut| self.cell(row, cut.column, cut.width)))
    }

    /// Cells in their places; there is nothing behind the last one.
    fn joined(&self, mut line: String, cells: impl Iterator<Item = Cell>) -> String {
        let mut used = line.width();
        for (cut, cell) in self.cuts.iter().zip(cells) {
            let width = cell_width(&cell);
            if width == 0 {
                continue;
            }
            // A value that was longer than its column keeps two blanks behind it.
            let gap = if used == 0 { cut.at } else { cut.at.saturating_sub(used).max(1) };
            line.push_str(&" ".repeat(gap));
            used += gap + width;
            for (text, role) in &cell {
                line.push_str(&self.look.colours.paint(*role, text));
            }
        }
        line
    }

    fn cell(&self, row: &Row<'_>, column: Column, width: usize) -> Cell {
        let (glyphs, language) = (self.look.glyphs, self.look.language);
        let text = |text: Option<&str>, role| vec![(self.fitted(&sanitize(text.unwrap_or_default()), width), role)];
        match column {
            Column::Status => self.status(row),
            Column::Code => {
                let role = if row.code.starts_with('(') { Role::Quiet } else { Role::Strong };
                vec![(self.fitted(&cells::code(row.code, language), width), role)]
            }
            Column::Message => {
                let message = sanitize(row.message);
                if row.from_twin {
                    let words = tell!(language, "%{message} (asked again as GET)", message = message);
                    return vec![(self.fitted(&words, width), Role::Text)];
                }
                vec![(self.fitted(&message, width), Role::Text)]
            }
            Column::Request => {
                let target = shorten::target(&sanitize(&row.target.to_string()), width.saturating_sub(5));
                let method = format!("{:<4} ", shorten::method(&sanitize(row.method)));
                vec![
                    (method, Role::Quiet),
                    (self.fitted(&glyphs.plain_cut(&target), width.saturating_sub(5)), Role::Text),
                ]
            }
            Column::RequestId => self.id(row, width),
            Column::Sure if row.severity == Severity::Ok => Cell::new(),
            Column::Sure => vec![(glyphs.certainty(row.certainty).to_owned(), Role::Certainty(row.certainty))],
            Column::Time => vec![(self.time(row.time_ms, width), Role::Quiet)],
            Column::Took => {
                let right = if width == usize::MAX { 0 } else { width };
                vec![(format!("{:>right$}", glyphs.plain(&cells::latency(row.latency_us))), Role::Quiet)]
            }
            Column::Cause | Column::Operation => text(row.own_text(column), Role::Text),
            Column::Region | Column::Profile | Column::Node | Column::Host => text(row.own_text(column), Role::Quiet),
        }
    }

    /// The mark, the status, and how often the request was sent if that was more than once.
    fn status(&self, row: &Row<'_>) -> Cell {
        let glyphs = self.look.glyphs;
        let number = if row.status == 0 { glyphs.none.to_owned() } else { row.status.to_string() };
        let role = Role::Severity(row.severity);
        let mut cell = vec![(format!("{} {number}", glyphs.severity(row.severity)), role)];
        if row.tries > 1 {
            cell.push((format!(" {}{}", glyphs.again, row.tries), Role::Quiet));
        }
        cell
    }

    fn id(&self, row: &Row<'_>, width: usize) -> Cell {
        if !row.request_id.is_empty() {
            let (head, tail) = shorten::request_id(&sanitize(row.request_id), width, self.tail);
            return vec![(self.look.glyphs.plain_cut(&head), Role::Quiet), (tail, Role::Text)];
        }
        let Some(words) = cells::no_id(row.severity, row.dialect, self.look.language) else { return Cell::new() };
        vec![(self.fitted(&format!("{} {words}", self.look.glyphs.none), width), Role::Quiet)]
    }

    fn time(&self, time_ms: i64, width: usize) -> String {
        let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let zoned = time.to_zoned(self.look.zone.clone());
        match width {
            usize::MAX => zoned.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            11.. => zoned.strftime("%m-%d %H:%M").to_string(),
            8.. => zoned.strftime("%H:%M:%S").to_string(),
            _ => cells::age(time_ms, self.look.now),
        }
    }

    /// Text of at most `width` columns, with the sign for what was cut off.
    fn fitted(&self, text: &str, width: usize) -> String {
        if text.width() <= width {
            text.to_owned()
        } else {
            format!("{}{}", prefix_of_width(text, width - 1), self.look.glyphs.cut)
        }
    }
}

fn cell_width(cell: &Cell) -> usize {
    cell.iter().map(|(text, _)| text.width()).sum()
}
