//! The loop: wait for one message, take what else is queued, update, perform, draw.
//!
//! Nothing ticks. A timer stands only while a frame is being held back (16 ms) or a message in the
//! footer has to go (4 s).

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures_util::stream::{self, select};
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep_until;

use super::StartOptions;
use super::effect::Effect;
use super::glyphs::{Glyphs, shows_unicode};
use super::insist::insist;
use super::look;
use super::message::Message;
use super::model::Model;
use super::perform::{Performer, Records};
use super::signals::{self, INTERRUPTED, Signals, Told};
use super::terminal::{Screen, Surface};
use super::theme::{Colours, Theme};
use super::update::{self, update};
use super::view::view;
use crate::config::profiles::AvailableProfile;
use crate::domain::probe::Probe;
use crate::i18n::Localize;
use crate::store::Recorder;
use crate::store::history::HistoryConfig;

/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(16);
/// Messages taken before a frame is due, so that neither input nor drawing starves.
const DRAIN: usize = 256;

/// Runs the screen until the person leaves. The exit status is 0, or 130 after Ctrl-C or a signal
/// to end.
///
/// # Errors
/// When the terminal cannot be taken.
pub fn run(start: StartOptions) -> anyhow::Result<u8> {
    run_and_send(start, Vec::new())
}

/// As [`run`], and sends these probes at once.
///
/// # Errors
/// When the terminal cannot be taken.
pub fn run_and_send(start: StartOptions, probes: Vec<Probe>) -> anyhow::Result<u8> {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if no_color {
        // crossterm 0.29 writes an empty SGR in place of each colour under NO_COLOR, which takes
        // the attributes away too. The mono theme has no colours, so nothing is lost by this.
        crossterm::style::force_color_output(true);
    }
    signals::hold_stops()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (mut screen, asked) = Screen::enter(start.settings.look.mouse)?;
    let left = runtime.block_on(async {
        let gone = signals::gone()?;
        tokio::spawn(insist(Signals::new()?, gone.clone()));
        let mut late = asked.late;
        let events = stream::iter(asked.typed.into_iter().map(Ok)).chain(EventStream::new().flat_map(move |event| {
            stream::iter(match event {
                Ok(event) => late.pass(event, Instant::now()).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        }));
        let input = select(events, signals::stops()?).take_until(Box::pin(gone.cancelled_owned()));
        let mut session = Session::new(start, no_color, crossterm::terminal::size()?)?;
        session.on_background(asked.light);
        session.send(probes);
        match session.run(&mut screen, input).await {
            // It went away while it was written to.
            Err(error) if signals::means_gone(&error) => Ok((INTERRUPTED, Vec::new())),
            left => anyhow::Ok((left?, session.printed().to_vec())),
        }
    });
    drop(screen);
    runtime.shutdown_background();
    let (status, printed) = left?;
    // A terminal that is gone takes no lines, and a flush alone would fail.
    if !printed.is_empty() {
        print(&printed)?;
    }
    Ok(status)
}

/// Prints lines on standard output, which is the terminal's ordinary screen again.
fn print(lines: &[String]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()
}

/// What the environment tells of the terminal's colours.
fn colours(none: bool) -> Colours {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let light = matches!(variable("COLORFGBG").rsplit(';').next(), Some("7" | "15"));
    Colours { none, light, truecolor: matches!(variable("COLORTERM").as_str(), "truecolor" | "24bit") }
}

fn recorder(place: HistoryConfig, messages: UnboundedSender<Message>) -> io::Result<Recorder> {
    // When the receiver is gone the program is quitting.
    Recorder::start(place, move |why| drop(messages.send(Message::NotRecorded(why))))
}

/// The model with everything around it but the terminal.
pub struct Session {
    model: Model,
    performer: Performer,
    messages: UnboundedReceiver<Message>,
    open_at_once: bool,
    /// What was asked for on the command line.
    asked: Option<Message>,
    /// What the person wants printed on leaving, in lines.
    printed: Vec<String>,
    /// Continued after a stop, but in the background: the terminal is not ours to draw on.
    away: bool,
}

impl Session {
    /// A session that has drawn nothing yet.
    ///
    /// # Errors
    /// When the system gives no thread for ordering.
    pub fn new(start: StartOptions, no_color: bool, size: (u16, u16)) -> anyhow::Result<Self> {
        let colours = colours(no_color);
        let (sender, messages) = unbounded_channel();
        let settings = start.settings;
        let recorder = start.history.map(|place| recorder(place, sender.clone())).transpose()?;
        let extras = settings.request_options();
        let profiles = vec![settings.profile.clone()];
        let known = settings.profile.buckets.keys().cloned();
        let theme = Theme::named(&settings.look.theme, colours);
        let mut model = Model::new(profiles, settings.look, theme, TimeZone::system(), size);
        model.session.targets = settings.profile.bucket.iter().cloned().chain(known).collect();
        for offer in start.offers {
            match offer {
                AvailableProfile::Ready(profile) => model.session.profiles.push(*profile),
                AvailableProfile::Unresolved { name, reason } => {
                    let about = reason.localize(settings.language);
                    model.session.unresolved_profiles.push((name, about));
                }
            }
        }
        let unsigned = settings.profile.credentials.is_none() && !settings.profile.anonymous;
        model.session.is_unsigned_start = unsigned && !start.in_sandbox;
        model.session.extras = extras;
        model.session.first_run = start.first_run;
        model.chrome.language = settings.language;
        model.chrome.shows_unicode = shows_unicode(&|name| std::env::var(name).ok());
        model.chrome.glyphs = Glyphs::named(&model.chrome.look.glyphs, model.chrome.shows_unicode);
        model.session.remarks = settings.remarks.iter().map(|remark| remark.localize(settings.language)).collect();
        model.chrome.colours = colours;
        look::take(&mut model, settings.screen);
        model.session.opened_at = Timestamp::now();
        if let Some(preloaded) = &start.preloaded {
            update::open_preloaded(&mut model, preloaded.mode.clone(), Instant::now());
        }
        Ok(Self {
            model,
            performer: Performer::new(
                sender,
                start.sandbox,
                start.place,
                settings.language,
                Records { preloaded: start.preloaded, recorder, sources: start.sources },
            )?,
            messages,
            open_at_once: start.in_sandbox,
            asked: None,
            printed: Vec::new(),
            away: false,
        })
    }

    /// The terminal said whether its background is light.
    fn on_background(&mut self, light: Option<bool>) {
        if let Some(light) = light {
            self.model.chrome.colours.light = light;
            look::apply(&mut self.model);
        }
    }

    /// Has these probes sent as soon as it runs.
    pub fn send(&mut self, probes: Vec<Probe>) {
        if !probes.is_empty() {
            self.asked = Some(Message::Send(probes));
        }
    }

    /// What the person wanted printed on leaving, in lines.
    #[must_use]
    pub fn printed(&self) -> &[String] {
        &self.printed
    }

    /// Runs until the person leaves, the input ends or a signal comes; gives the exit status.
    ///
    /// # Errors
    /// When the surface cannot be drawn on.
    pub async fn run(
        &mut self,
        screen: &mut impl Surface,
        mut input: impl Stream<Item = io::Result<Event>> + Unpin,
    ) -> io::Result<u8> {
        let mut signals = Signals::new()?;
        if self.open_at_once {
            self.model.session.opening_sandbox = true;
        }
        screen.draw(|frame| view(&self.model, frame))?;
        let mut drawn = Instant::now();
        if self.open_at_once {
            self.performer.perform(Effect::OpenSandbox);
        }
        let mut due: Option<Instant> = None;
        if self.model.session.is_unsigned_start {
            self.performer.perform(Effect::FindRuns { opens: false });
        }
        if let Some(asked) = self.asked.take() {
            self.take(asked, screen)?;
            due = Some(drawn + FRAME);
        }
        loop {
            let expires = self.model.chrome.status.as_ref().and_then(|status| status.until);
            let waits = self.model.session.run.tells_at();
            let timer = [due, expires, waits, self.model.next_round()].into_iter().flatten().min();
            let message = tokio::select! {
                biased;
                told = signals.next() => match told {
                    Told::End => return Ok(INTERRUPTED),
                    Told::Continue => {
                        self.come_back(screen)?;
                        due = Some(Instant::now());
                        None
                    }
                },
                Some(message) = self.messages.recv() => Some(message),
                event = input.next() => match event {
                    Some(Ok(event)) => translated(event),
                    // The terminal is gone.
                    Some(Err(_)) | None => return Ok(INTERRUPTED),
                },
                message = self.performer.next_records() => Some(message),
                () = wait(timer), if timer.is_some() => Some(Message::TimeIsUp),
            };
            let Some(message) = message else { continue };
            match self.take(message, screen)? {
                Some(status) => return Ok(status),
                None => due = due.or(Some(drawn + FRAME)),
            }
            for _ in 0..DRAIN {
                let Ok(message) = self.messages.try_recv() else { break };
                if let Some(status) = self.take(message, screen)? {
                    return Ok(status);
                }
            }
            if due.is_some_and(|due| due <= Instant::now()) {
                if !self.away {
                    screen.draw(|frame| view(&self.model, frame))?;
                    drawn = Instant::now();
                }
                due = None;
            }
        }
    }

    /// Updates and performs. Gives the exit status when the person leaves.
    fn take(&mut self, message: Message, screen: &mut impl Surface) -> io::Result<Option<u8>> {
        let interrupted = matches!(&message, Message::Key(key)
            if key.modifiers.contains(crossterm::event::KeyModifiers::CONTROL));
        for effect in update(&mut self.model, message, Instant::now()) {
            match effect {
                Effect::Quit(printed) => {
                    self.printed = printed;
                    return Ok(Some(if interrupted { INTERRUPTED } else { 0 }));
                }
                Effect::Redraw => screen.invalidate()?,
                Effect::Suspend => {
                    screen.suspend()?;
                    self.come_back(screen)?;
                }
                Effect::TakeMouse(take) => screen.take_mouse(take)?,
                other => self.performer.perform(other),
            }
        }
        Ok(None)
    }

    /// Takes the screen again after a stop, unless another program still has it: then the program
    /// goes on without drawing until it is resumed.
    fn come_back(&mut self, screen: &mut impl Surface) -> io::Result<()> {
        let size = screen.resume()?;
        self.away = size.is_none();
        if let Some((width, height)) = size {
            for effect in update(&mut self.model, Message::Resized(width, height), Instant::now()) {
                self.performer.perform(effect);
            }
        }
        Ok(())
    }
}

/// What an event of the terminal means; focus changes mean nothing.
fn translated(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Mouse(mouse) => Some(Message::Mouse(mouse)),
        Event::Paste(text) => Some(Message::Pasted(text)),
        Event::Resize(width, height) => Some(Message::Resized(width, height)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}
