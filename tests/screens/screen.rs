//! A screen that tests look at.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::diagnosis::rules;
use cosdiag::domain::record::Record;
use cosdiag::i18n::Language;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::Model;
use cosdiag::ui::theme::Theme;
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::canned;

pub const SIZES: [(u16, u16); 4] = [(80, 24), (100, 30), (120, 40), (160, 45)];

/// A screen without a terminal.
pub struct Screen {
    pub model: Model,
    pub records: Vec<Arc<Record>>,
    pub now: Instant,
}

impl Screen {
    pub fn empty(width: u16, height: u16) -> Self {
        let look = canned::appearance();
        let theme = Theme::named("dark", cosdiag::ui::theme::Colours::default());
        let mut model = Model::new(Vec::new(), look, theme, TimeZone::UTC, (width, height));
        model.session.is_unsigned_start = true;
        Self { model, records: Vec::new(), now: Instant::now() }
    }

    pub fn filled(width: u16, height: u16) -> Self {
        Self::with(width, height, canned::records())
    }

    pub fn with(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        Self::empty(width, height).showing(records)
    }

    /// The same in Chinese, as somebody with LANG=zh_CN.UTF-8 has it.
    pub fn chinese(width: u16, height: u16, records: Vec<Arc<Record>>) -> Self {
        let mut screen = Self::empty(width, height);
        screen.model.chrome.language = Language::Zh;
        let diagnosed = records.into_iter().map(|record| {
            let diagnosis = rules::diagnose(&record);
            Arc::new(Record { diagnosis, ..Record::clone(&record) })
        });
        screen.showing(diagnosed.collect())
    }

    pub fn showing(self, records: Vec<Arc<Record>>) -> Self {
        let mut screen = self;
        screen.model.session.is_unsigned_start = false;
        screen.model.session.run.planned = records.len();
        screen.records = records;
        screen.model.session.run.started = Some(screen.now);
        screen.now += Duration::from_millis(1200);
        screen.send(Message::records(screen.records.clone()));
        screen.send(Message::Finished);
        screen
    }

    /// Updates and performs what a test can: reading details and ordering.
    pub fn send(&mut self, message: Message) {
        for effect in update(&mut self.model, message, self.now) {
            match effect {
                Effect::LoadDetail(row) => {
                    let record = Arc::clone(&self.records[row as usize]);
                    self.send(Message::Detail(row, record));
                }
                Effect::Order(request) => {
                    let ordered = request.answer(&false.into()).expect("not cancelled");
                    self.send(Message::Ordered(ordered));
                }
                Effect::SaveNote { row, note, .. } => {
                    let noted = Arc::new(Record { note: Some(note), ..Record::clone(&self.records[row as usize]) });
                    self.records[row as usize] = Arc::clone(&noted);
                    self.send(Message::Noted(row, noted));
                }
                _ => {}
            }
        }
    }

    pub fn keys(mut self, keys: &str) -> Self {
        for key in keys.chars() {
            let code = match key {
                '⏎' => KeyCode::Enter,
                '⎋' => KeyCode::Esc,
                '⇥' => KeyCode::Tab,
                '⌫' => KeyCode::Backspace,
                '↓' => KeyCode::Down,
                other => KeyCode::Char(other),
            };
            self.send(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    pub fn picture(&self) -> String {
        let (width, height) = self.model.chrome.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a backend");
        terminal.draw(|frame| view(&self.model, frame)).expect("drawn");
        terminal.backend().to_string()
    }
}
