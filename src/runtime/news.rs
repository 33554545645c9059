//! What shows with the next frame instead of having one of its own: what a refresh brings while it goes on.
//!
//! A refresh of many feeds tells of itself several times a second, and each time in several messages, one after
//! the other: a frame for each of them would stand between a key and what it does.

use std::time::{Duration, Instant};

use super::Event;
use crate::app::{Effect, Message, Model};

/// How long news waits for a frame at most.
const PATIENCE: Duration = Duration::from_millis(100);

/// What came since the last frame and has none yet.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Until when it waits.
    until: Option<Instant>,
    /// The request for rows that nobody waits for: they are the same ones, with what has come in.
    grown: Option<u64>,
}

impl News {
    /// Whether an event is one that can wait.
    pub(super) fn is(&self, event: &Event, model: &Model) -> bool {
        let Event::Message(message) = event else {
            return false;
        };
        model.refreshing.is_some()
            && match message {
                Message::FeedsAsked(now) => now.is_some(),
                Message::LibraryGrew { .. }
                | Message::SourcesCounted(_)
                | Message::AfterFound { .. }
                | Message::Indexed { .. } => true,
                Message::RowsLoaded { request, .. } => self.grown == Some(*request),
                _ => false,
            }
    }

    /// Takes note of what news has done; `waited` says that the reader was waiting for rows before.
    pub(super) fn note(&mut self, waited: bool, effect: &Effect) {
        if let Effect::LoadRows(request) = effect {
            self.grown = Some(request.request).filter(|_| !waited);
        }
    }

    /// For how long the next event may be waited for, if something waits for a frame.
    pub(super) fn patience(&self) -> Option<Duration> {
        let until = self.until?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// Whether a frame is to be drawn now: at once, unless there is `only` news. Then that waits no longer.
    pub(super) fn is_due(&mut self, only: bool) -> bool {
        let now = Instant::now();
        let until = self.until.get_or_insert(now + PATIENCE);
        let due = !only || *until <= now;
        if due {
            self.until = None;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::{app::feeds::Refreshing, story::Window};

    fn refreshing() -> Event {
        Event::Message(Message::FeedsAsked(Some(Refreshing {
            done: 1,
            total: 9,
            new: 0,
            awaited: Vec::new(),
        })))
    }

    fn grew() -> Message {
        Message::LibraryGrew {
            stories: 9,
            reading: false,
        }
    }

    fn rows(request: u64) -> Event {
        let window = Window::default();
        Event::Message(Message::RowsLoaded { request, window })
    }

    #[test]
    fn what_a_refresh_brings_waits_and_what_the_reader_waits_for_does_not() {
        let now = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
        let (mut model, mut news) = (Model::new(80, 24, now), News::default());
        assert!(!news.is(&Event::Message(grew()), &model));
        let Event::Message(asked) = refreshing() else {
            unreachable!()
        };
        model.update(asked);
        assert!(news.is(&refreshing(), &model));
        assert!(news.is(&Event::Message(grew()), &model));
        assert!(!news.is(&Event::Message(Message::FeedsAsked(None)), &model));
        // Rows that are loaded since something came in can wait; those that a key has asked for cannot.
        for effect in model.update(grew()) {
            news.note(false, &effect);
        }
        let request = model.list.request;
        assert!(news.is(&rows(request), &model) && !news.is(&rows(request + 1), &model));
        for effect in model.update(grew()) {
            news.note(true, &effect);
        }
        assert!(!news.is(&rows(model.list.request), &model));
    }

    #[test]
    fn news_waits_for_a_frame_but_not_for_ever() {
        let mut news = News::default();
        assert!(news.is_due(false) && news.patience().is_none());
        assert!(!news.is_due(true));
        assert!(news.patience().is_some_and(|it| it <= PATIENCE));
        // A frame for something else shows it, too.
        assert!(news.is_due(false) && news.patience().is_none());
        news.until = Some(Instant::now());
        assert!(news.is_due(true));
    }
}
