//! The probe prompt: four fields, what fits the one that is typed into, and what will be sent.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::model::{Earlier, Field, Model, Prompt, Scope};
use crate::ui::probe_form::candidates::{Candidate, candidates, names, offered, profile};
use crate::ui::probe_form::{self, Form, Note, earlier, is_own, preview};
use crate::ui::text_lines::{pad, wrap};
use crate::ui::widget::popup::{Anchor, Popup};

/// Columns of the popup's text at most.
const WIDEST: u16 = 92;
/// Lines of what fits that are seen at once.
const LISTED: usize = 6;

/// Where a field's text stands.
struct FieldPlace {
    column: usize,
    room: usize,
}

/// Draws it above the hints.
pub fn draw(model: &Model, prompt: &Prompt, screen: Rect, frame: &mut Frame<'_>) {
    let width = screen.width.saturating_sub(8).min(WIDEST);
    let room = usize::from(width);
    let drawing = Drawing { model, prompt, room };
    let (lines, cursor) = match &prompt.earlier {
        Some(search) => drawing.earlier(search, usize::from(screen.height.saturating_sub(6)).min(10)),
        None => drawing.fields(usize::from(screen.height)),
    };
    let language = model.chrome.language;
    let title = prompt.earlier.as_ref().map(|search| earlier_title(prompt, search, language));
    let title = title.unwrap_or_else(|| tell!(language, "Send requests"));
    let enter = if prompt.earlier.is_some() || prompt.list.is_some() {
        tell!(language, "take")
    } else {
        tell!(language, "send")
    };
    let (next, choose) = (tell!(language, "next field"), tell!(language, "choose"));
    let (found, close) = (tell!(language, "earlier"), tell!(language, "close"));
    let arrows = model.chrome.glyphs.plain("↑↓");
    let all = [("Enter", &*enter), ("Tab", &*next), (&*arrows, &*choose), ("^R", &*found), ("Esc", &*close)];
    let scope = tell!(language, "scope");
    let some = [all[0], all[2], ("^R", &*scope), all[4]];
    let popup = Popup {
        title: &title,
        keys: if prompt.earlier.is_some() { &some } else { &all },
        width,
        height: u16::try_from(lines.len()).unwrap_or(u16::MAX),
        anchor: Anchor::Bottom,
        theme: &model.chrome.theme,
        glyphs: model.chrome.glyphs,
    };
    let area = popup.draw(screen, frame.buffer_mut());
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
    let (column, line) = cursor;
    let at =
        |offset: usize, from: u16, end: u16| from.saturating_add(u16::try_from(offset).unwrap_or(u16::MAX)).min(end);
    let x = at(column, area.x, area.right());
    frame.set_cursor_position(Position::new(x, at(line, area.y, area.bottom().saturating_sub(1))));
}

fn earlier_title(prompt: &Prompt, search: &Earlier, language: Language) -> Cow<'static, str> {
    match search.scope {
        Scope::All => tell!(language, "Earlier requests"),
        Scope::Bucket => {
            let bucket = sanitize(&earlier::bucket_of(prompt.value(Field::Targets))).into_owned();
            tell!(language, "Earlier requests · bucket %{bucket}", bucket = bucket)
        }
        Scope::Profile => {
            let profile = sanitize(prompt.value(Field::As)).into_owned();
            tell!(language, "Earlier requests · profile %{profile}", profile = profile)
        }
    }
}

struct Drawing<'a> {
    model: &'a Model,
    prompt: &'a Prompt,
    room: usize,
}

impl Drawing<'_> {
    /// The lines, and the column and line of the cursor.
    fn fields(&self, screen_lines: usize) -> (Vec<Line<'static>>, (usize, usize)) {
        let (language, theme) = (self.model.chrome.language, &self.model.chrome.theme);
        let labels =
            [tell!(language, "Targets"), tell!(language, "What"), tell!(language, "Region"), tell!(language, "As")];
        let indent = labels.iter().map(|label| label.width()).max().unwrap_or(0) + 2;
        let form = probe_form::read(self.model, self.prompt);
        let (mut lines, mut cursor) = (Vec::new(), (0, 0));
        for (field, label) in Field::ALL.into_iter().zip(&labels) {
            let mut spans = vec![Span::styled(pad(label, indent), theme.label)];
            if field == self.prompt.field {
                cursor = (self.focused(&form, indent, &mut spans), lines.len());
                lines.push(Line::from(spans));
                lines.extend(self.below(&form, indent, screen_lines));
            } else {
                self.unfocused(field, &form, self.room.saturating_sub(indent), &mut spans);
                lines.push(Line::from(spans));
            }
        }
        lines.push(Line::styled(self.model.chrome.glyphs.rule.repeat(self.room), theme.rule));
        lines.extend(self.last_lines(&form));
        (lines, cursor)
    }

    /// The field that is typed into; gives the cursor's column.
    fn focused(&self, form: &Form, indent: usize, spans: &mut Vec<Span<'static>>) -> usize {
        let (language, theme) = (self.model.chrome.language, &self.model.chrome.theme);
        let input = self.prompt.input(self.prompt.field);
        let remark = match (self.prompt.field, form.targets) {
            (Field::Targets, n) if n > 1 => tell!(language, "%{n} targets", n = n).into_owned(),
            _ => String::new(),
        };
        let place = FieldPlace { column: indent, room: self.room.saturating_sub(indent + remark.width() + 3).max(8) };
        let (shown, column) = shown(input, &place);
        let style = if self.prompt.whole && !shown.is_empty() { theme.select } else { theme.strong };
        spans.push(Span::styled(shown, style));
        spans.push(Span::styled(format!("   {remark}"), theme.quiet));
        column
    }

    /// Below the field: the list, what fits best, or what is wrong.
    fn below(&self, form: &Form, indent: usize, screen_lines: usize) -> Vec<Line<'static>> {
        let (theme, glyphs) = (&self.model.chrome.theme, self.model.chrome.glyphs);
        let before = || Span::raw(" ".repeat(indent));
        let room = self.room.saturating_sub(indent);
        if let Some(place) = self.prompt.list {
            let all = candidates(self.model, self.prompt);
            let seen = LISTED.min(screen_lines.saturating_sub(12)).max(1);
            let top = (place + 1).saturating_sub(seen);
            let widest = all.iter().map(|candidate| candidate.text.width()).max().unwrap_or(0).min(40);
            let rows = all.iter().enumerate().skip(top).take(seen);
            return rows
                .map(|(i, candidate)| {
                    let (sign, style) = if i == place { (glyphs.crumb, theme.accent) } else { (" ", theme.text) };
                    let text = format!("{sign} {}", pad(&sanitize(&candidate.text), widest));
                    let about = format!("  {}", sanitize(&candidate.about));
                    Line::from(vec![before(), Span::styled(text, style), Span::styled(about, theme.quiet)])
                })
                .collect();
        }
        let offered = offered(self.model, self.prompt);
        let note = form.notes.iter().find(|note| note.field == self.prompt.field);
        let line = match (offered, note) {
            (Some(Candidate { text, about }), _) => Line::from(vec![
                before(),
                Span::styled(format!("{} {}", glyphs.crumb, truncate_end(&sanitize(&text), room)), theme.accent),
                Span::styled(format!("  {}", sanitize(&about)), theme.quiet),
            ]),
            (None, Some(note)) => Line::from(vec![before(), Span::styled(self.words(note, room), theme.warn)]),
            (None, None) => Line::default(),
        };
        vec![line]
    }

    /// What a note says; the key that puts it right is never cut off.
    fn words(&self, note: &Note, room: usize) -> String {
        let words = sanitize(&note.words);
        let Some((_, right)) = &note.take else { return truncate_end(&words, room) };
        let right = sanitize(right);
        let named = if words.contains(&*right) { words } else { format!("{words}: {right}").into() };
        let (arrow, takes) = (self.model.chrome.glyphs.plain("→"), tell!(self.model.chrome.language, "takes it"));
        let key = format!("  {arrow} {takes}");
        format!("{}{key}", truncate_end(&named, room.saturating_sub(key.width())))
    }

    /// A field that is not typed into: its value, then what is wrong with it, or what else it takes.
    fn unfocused(&self, field: Field, form: &Form, room: usize, spans: &mut Vec<Span<'static>>) {
        let (language, theme) = (self.model.chrome.language, &self.model.chrome.theme);
        let value = self.prompt.value(field);
        let shown = truncate_end(&sanitize(value), room);
        let left = room.saturating_sub(shown.width() + 2);
        spans.push(Span::styled(shown, theme.text));
        if let Some(note) = form.notes.iter().find(|note| note.field == field) {
            spans.push(Span::styled(format!("  {}", self.words(note, left)), theme.warn));
            return;
        }
        let own = profile(self.model, self.prompt);
        let words = match field {
            Field::Targets if form.targets > 1 => tell!(language, "%{n} targets", n = form.targets).into_owned(),
            Field::Targets => String::new(),
            Field::What => names().filter(|name| *name != value).collect::<Vec<_>>().join("  "),
            Field::Region => match own.map(|profile| (profile, profile.region.as_deref())) {
                Some((profile, Some(region))) if value == region => {
                    tell!(language, "from profile %{name}; each bucket its own: *", name = profile.name).into_owned()
                }
                Some((_, Some(region))) if is_own(value) => {
                    tell!(language, "each bucket its own; others %{region}", region = region).into_owned()
                }
                _ if is_own(value) => tell!(language, "each bucket its own").into_owned(),
                _ => tell!(language, "for all targets; each bucket its own: *").into_owned(),
            },
            Field::As => {
                let key = own.map(|profile| crate::text::remarks::credentials(profile, language)).unwrap_or_default();
                let others = self.model.session.profiles.iter().map(|profile| profile.name.as_str());
                let others: Vec<_> = others.filter(|name| *name != value).collect();
                format!("{key}   {}", others.join("  "))
            }
        };
        spans.push(Span::styled(format!("  {}", truncate_end(&sanitize(&words), left)), theme.quiet));
    }

    /// What goes out, and how targets are written.
    fn last_lines(&self, form: &Form) -> Vec<Line<'static>> {
        let (language, theme) = (self.model.chrome.language, &self.model.chrome.theme);
        let writes = preview::writes(form);
        let (words, style) = match (self.prompt.waiting, writes) {
            (true, _) => (tell!(language, "Reading the targets …").into_owned(), theme.quiet),
            (false, true) if self.prompt.confirmed => {
                let words = preview::words(form, language);
                (format!("{words} · {}", tell!(language, "Enter again sends it")), theme.warn)
            }
            (false, true) => {
                let words = preview::words(form, language);
                (format!("{words} · {}", tell!(language, "Enter twice")), theme.warn)
            }
            (false, false) => (preview::words(form, language), theme.text),
        };
        let help = tell!(
            language,
            "several targets: separate them with spaces, or paste a list · @file · cos://* for all buckets"
        );
        let mut lines = self.wrapped(&words, style, 2);
        lines.extend(self.wrapped(&help, theme.quiet, 2));
        let checks = tell!(language, "^D sends, then checks every failure");
        lines.extend(self.wrapped(&checks, theme.quiet, 1));
        lines
    }

    /// A sentence in at most `most` lines.
    fn wrapped(&self, words: &str, style: Style, most: usize) -> Vec<Line<'static>> {
        let words = self.model.chrome.glyphs.plain(&sanitize(words));
        let mut lines = wrap(&words, self.room, "");
        if lines.len() > most {
            let rest = lines.split_off(most - 1).join(" ");
            lines.push(truncate_end(&rest, self.room));
        }
        lines.into_iter().map(|line| Line::styled(truncate_end(&line, self.room), style)).collect()
    }

    /// The search in what was sent earlier.
    fn earlier(&self, search: &Earlier, seen: usize) -> (Vec<Line<'static>>, (usize, usize)) {
        let (theme, glyphs) = (&self.model.chrome.theme, self.model.chrome.glyphs);
        let place = FieldPlace { column: 2, room: self.room.saturating_sub(4) };
        let (shown, column) = shown(&search.input, &place);
        let mut lines = vec![Line::from(vec![Span::styled("/ ", theme.accent), Span::styled(shown, theme.strong)])];
        let found = earlier::found(self.prompt, search);
        if found.is_empty() {
            lines.push(Line::styled(tell!(self.model.chrome.language, "no match").into_owned(), theme.quiet));
        }
        let top = (search.cursor + 1).saturating_sub(seen);
        let target = self.room.saturating_sub(48).max(16);
        for (i, [targets, what, region, name]) in found.into_iter().enumerate().skip(top).take(seen) {
            let (sign, style) = if i == search.cursor { (glyphs.crumb, theme.accent) } else { (" ", theme.text) };
            let targets = pad(&truncate_end(&sanitize(targets), target), target);
            let about = format!("  {}  {region}  {name}", pad(what, 18));
            let about = truncate_end(&sanitize(&about), self.room.saturating_sub(target + 2));
            lines.push(Line::from(vec![
                Span::styled(format!("{sign} {targets}"), style),
                Span::styled(about, theme.quiet),
            ]));
        }
        lines.resize(seen + 1, Line::default());
        (lines, (column, 0))
    }
}

/// A field's text as far as there is room around the cursor, and the cursor's column.
fn shown(input: &Input, place: &FieldPlace) -> (String, usize) {
    let scroll = input.visual_scroll(place.room);
    let mut width = 0;
    let text = sanitize(input.value());
    let from = text.chars().skip_while(|c| {
        let skipped = width < scroll;
        width += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
        skipped
    });
    let from: String = from.collect();
    let column = place.column + input.visual_cursor().saturating_sub(scroll);
    (truncate_end(&from, place.room), column)
}
