//! When a feed is asked again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use super::{Said, Terms};
use crate::library::{Call, Outcome};

/// No feed is left alone for longer than this, in seconds, however often it failed.
const LONGEST: i64 = 24 * 60 * 60;

/// The same for one whose server cannot be reached at all.
const UNREACHED: i64 = 2 * 60 * 60;

/// The same for one that said it is gone for good.
const GONE: i64 = 30 * LONGEST;

/// How often feeds are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Seconds between two times.
    pub interval: i64,
}

impl Default for Pace {
    /// Every half hour.
    fn default() -> Self {
        Pace { interval: 30 * 60 }
    }
}

impl Pace {
    /// How often the feed at an address is asked: it may have an interval of its own.
    pub(super) fn of(self, terms: &dyn Terms, url: &str) -> Self {
        terms
            .interval(url)
            .map_or(self, |interval| Pace { interval })
    }

    /// Whether a feed is to be asked at this time, as seconds since 1970.
    pub fn is_due(self, terms: &dyn Terms, call: &Call, now: i64) -> bool {
        self.next_time(terms, call) <= now
    }

    /// From when on a feed is to be asked, as seconds since 1970: 0 for one that never was, and `i64::MAX` where
    /// it is not asked by itself.
    pub fn next_time(self, terms: &dyn Terms, call: &Call) -> i64 {
        self.of(terms, &call.url).due(call).max(call.resting)
    }

    /// When a feed is to be asked again: as was reckoned when it was asked last, or sooner where the settings
    /// have it asked more often since.
    fn due(self, call: &Call) -> i64 {
        // It may have been asked by hand, which is reckoned by another interval.
        if self.interval == i64::MAX && call.due > 0 {
            return i64::MAX;
        }
        let waits = call.due.saturating_sub(call.checked);
        let is_gone = (GONE..=GONE * 5 / 4).contains(&waits);
        // Where it waits for longer than its interval was, that is its server's word.
        let is_asked_to = call.failures == 0 && call.every > 0 && waits > call.every;
        let is_less = call.every == 0 || self.interval < call.every;
        if is_gone || is_asked_to || !is_less {
            return call.due;
        }
        let wait = match call.failures {
            0 => self.interval,
            failures => self.after_failures(failures - 1),
        };
        call.due.min(call.checked.saturating_add(wait))
    }

    /// How long a feed is left alone that could not be had, after this many times before.
    fn after_failures(self, before: u32) -> i64 {
        let times = 1 << before.min(8);
        let wait = self.interval.saturating_mul(times).min(LONGEST);
        // What is never asked by itself is not asked since it failed.
        wait.max(self.interval)
    }

    /// Whether that a feed cannot be had at this time makes it be asked less often: only where its time had come.
    /// Whoever asks by hand, however often, does not have it left alone for longer.
    pub(super) fn counts(self, call: &Call, now: i64) -> bool {
        self.due(call) <= now
    }

    /// When a feed is to be asked again that was asked in vain, and that does not count against it.
    pub(super) fn next_uncounted(self, call: &Call, now: i64) -> i64 {
        match self.counts(call, now) {
            false => self.due(call),
            true => now
                .saturating_add(self.interval)
                .saturating_add(random(self.interval.min(LONGEST) / 4)),
        }
    }

    /// When a feed is to be asked again, and before when it must not be, as seconds since 1970.
    pub(super) fn next(self, call: &Call, outcome: &Outcome, said: &Said, now: i64) -> (i64, i64) {
        let seconds = |time: Option<Duration>| {
            time.map_or(0, |it| i64::try_from(it.as_secs()).unwrap_or(LONGEST))
        };
        let wait = match outcome {
            Outcome::Failed(_) if said.gone => GONE,
            Outcome::Failed(_) if !self.counts(call, now) => self.due(call).saturating_sub(now),
            // It costs nobody anything, and they may be back at any time.
            Outcome::Failed(_) if said.unreached => {
                let longest = UNREACHED.max(self.interval);
                self.after_failures(call.failures).min(longest)
            }
            Outcome::Failed(_) => self.after_failures(call.failures),
            Outcome::Unchanged => self.interval.max(seconds(said.fresh).min(LONGEST)),
            Outcome::Came { issue, .. } => {
                let says = seconds(said.fresh).max(issue.pause).min(LONGEST);
                self.interval.max(says)
            }
        };
        // Not all at once, where many failed at once.
        let failed = matches!(outcome, Outcome::Failed(_));
        let is_new = said.gone || self.counts(call, now);
        let jitter = if failed && is_new { wait / 4 } else { 0 };
        let resting = now + seconds(said.wait);
        let due = now.saturating_add(wait).saturating_add(random(jitter));
        (
            due.max(resting),
            if said.wait.is_some() { resting } else { 0 },
        )
    }
}

/// A number below `bound`, another one each time.
fn random(bound: i64) -> i64 {
    // The standard library has no other source; this one is as good as it needs to be.
    let number = RandomState::new().hash_one(bound);
    i64::try_from(number % bound.max(1).cast_unsigned()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::FeedId;

    fn next(failures: u32, outcome: &Outcome, said: &Said) -> (i64, i64) {
        let mut call = Call::new(FeedId(1), "http://example.org/");
        call.failures = failures;
        Pace { interval: 600 }.next(&call, outcome, said, 1000)
    }

    #[test]
    fn what_fails_is_asked_less_and_less_often() {
        let failed = Outcome::Failed("it did not answer".into());
        let wait = |failures| next(failures, &failed, &Said::default()).0 - 1000;
        assert!((600..=750).contains(&wait(0)), "{}", wait(0));
        assert!((1200..=1500).contains(&wait(1)));
        assert!((LONGEST..=LONGEST * 5 / 4).contains(&wait(30)));
        let gone = Said {
            gone: true,
            ..Said::default()
        };
        assert!(next(0, &failed, &gone).0 > GONE);
    }

    #[test]
    fn who_asks_by_hand_does_not_have_a_feed_left_alone_for_longer() {
        let failed = Outcome::Failed("nobody answers there".into());
        let pace = Pace { interval: 600 };
        let mut call = Call::new(FeedId(1), "http://example.org/");
        (call.due, call.every, call.checked) = (1500, 600, 900);
        for failures in [0, 5] {
            call.failures = failures;
            assert!(!pace.counts(&call, 1000));
            assert_eq!(pace.next(&call, &failed, &Said::default(), 1000).0, 1500);
            assert!(pace.counts(&call, 1500));
            assert!(pace.next(&call, &failed, &Said::default(), 1500).0 >= 2100);
        }
        // Asked by hand alone: there is no time that could come sooner or later.
        let never = Pace { interval: i64::MAX };
        let due = never.next(&call, &failed, &Said::default(), 1600).0;
        assert_eq!(due, i64::MAX);
    }

    #[test]
    fn who_cannot_be_reached_is_asked_again_within_hours() {
        let failed = Outcome::Failed("no server has this name".into());
        let said = Said {
            unreached: true,
            ..Said::default()
        };
        let wait = next(30, &failed, &said).0 - 1000;
        assert!((UNREACHED..=UNREACHED * 5 / 4).contains(&wait), "{wait}");
        let mut call = Call::new(FeedId(1), "http://example.org/");
        call.failures = 5;
        let wait = Pace { interval: 600 }.next_uncounted(&call, 1000) - 1000;
        assert!((600..=750).contains(&wait), "{wait}");
        call.due = 1400;
        assert_eq!(Pace { interval: 600 }.next_uncounted(&call, 1000), 1400);
    }

    #[test]
    fn a_server_is_believed() {
        let said = Said {
            fresh: Some(Duration::from_secs(3600)),
            ..Said::default()
        };
        assert_eq!(next(0, &Outcome::Unchanged, &said), (4600, 0));
        let wait = Said {
            wait: Some(Duration::from_secs(7200)),
            ..Said::default()
        };
        let failed = Outcome::Failed("it was asked too often".into());
        assert_eq!(next(0, &failed, &wait), (8200, 8200));
    }

    #[test]
    fn a_shorter_interval_holds_at_once() {
        let call = |due, every, failures| {
            let mut call = Call::new(FeedId(1), "http://example.org/");
            (call.due, call.every, call.failures) = (due, every, failures);
            call.checked = 1000;
            call
        };
        let due = |call| Pace { interval: 60 }.due(&call);
        assert_eq!(due(call(2800, 1800, 0)), 1060);
        // Databases from before this was kept.
        assert_eq!(due(call(2800, 0, 0)), 1060);
        assert_eq!(due(call(i64::MAX, i64::MAX, 0)), 1060);
        // What is asked by hand alone is so from now on; what was never asked is asked once.
        let never = Pace { interval: i64::MAX };
        assert_eq!(never.due(&call(2800, 1800, 0)), i64::MAX);
        assert_eq!(never.due(&call(0, 0, 0)), 0);
        // A longer one holds from the next time on.
        assert_eq!(due(call(1030, 30, 0)), 1030);
        // What a server said, and what fails, is respected as before.
        assert_eq!(due(call(4600, 1800, 0)), 4600);
        assert_eq!(due(call(8200, 1800, 3)), 1240);
        assert_eq!(due(call(1000 + GONE + 7, 1800, 1)), 1000 + GONE + 7);
        let mut resting = call(2800, 1800, 0);
        resting.resting = 2000;
        assert!(!Pace { interval: 60 }.is_due(&(), &resting, 1999));
        assert!(Pace { interval: 60 }.is_due(&(), &resting, 2000));
    }
}
