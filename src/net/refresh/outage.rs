//! Whether there is a connection at all: where of several servers none can be reached, that is no feed's fault.

use std::collections::HashSet;

use super::Answer;
use crate::library::Arrival;

/// Answers that wait until anybody is reached.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// Of those that reached nobody, each with the time to ask again where that does not count.
    held: Vec<(Arrival, i64)>,
    /// Whom they were to reach.
    hosts: HashSet<String>,
    /// Whether anybody was.
    reached: bool,
}

impl Outage {
    /// Gives the answers that are to be taken in now; the first that reached anybody has all others come with it.
    pub(super) fn sift(&mut self, answer: Answer) -> Vec<Arrival> {
        if answer.unreached == Some(true) && !self.reached {
            self.hosts.insert(answer.host);
            self.held.push((answer.arrival, answer.uncounted));
            return Vec::new();
        }
        self.reached |= answer.unreached == Some(false);
        let mut taken = vec![answer.arrival];
        if self.reached {
            taken.extend(self.held.drain(..).map(|(arrival, _)| arrival));
        }
        taken
    }

    /// Gives the answers that waited to the end.
    pub(super) fn end(&mut self) -> Vec<Arrival> {
        let is_offline = self.hosts.len() > 1;
        let ended = self.held.drain(..).map(|(mut arrival, uncounted)| {
            if is_offline {
                (arrival.counts, arrival.due) = (false, uncounted);
            }
            arrival
        });
        ended.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library::Outcome, story::FeedId};

    fn answer(feed: u32, host: &str, unreached: bool) -> Answer {
        let arrival = Arrival {
            feed: FeedId(feed),
            at: 1000,
            counts: true,
            took: 1,
            due: 9000,
            resting: 0,
            every: 600,
            outcome: Outcome::Failed("nobody answers there".into()),
        };
        Answer {
            arrival,
            name: String::new(),
            unreached: Some(unreached),
            host: host.to_owned(),
            uncounted: 1600,
        }
    }

    fn told(arrivals: &[Arrival]) -> Vec<(u32, bool, i64)> {
        let each = arrivals.iter().map(|it| (it.feed.0, it.counts, it.due));
        each.collect()
    }

    #[test]
    fn where_nobody_can_be_reached_no_feed_is_at_fault() {
        let mut outage = Outage::default();
        for (feed, host) in [(1, "http://a.example"), (2, "http://b.example")] {
            assert!(outage.sift(answer(feed, host, true)).is_empty());
        }
        assert_eq!(told(&outage.end()), [(1, false, 1600), (2, false, 1600)]);
        // One server alone may be gone for good.
        let mut outage = Outage::default();
        for feed in [1, 2] {
            outage.sift(answer(feed, "http://a.example", true));
        }
        assert_eq!(told(&outage.end()), [(1, true, 9000), (2, true, 9000)]);
    }

    #[test]
    fn where_one_answers_the_others_are_at_fault() {
        let mut outage = Outage::default();
        outage.sift(answer(1, "http://a.example", true));
        let taken = outage.sift(answer(2, "http://b.example", false));
        assert_eq!(told(&taken), [(2, true, 9000), (1, true, 9000)]);
        let taken = outage.sift(answer(3, "http://c.example", true));
        assert_eq!(told(&taken), [(3, true, 9000)]);
        assert!(outage.end().is_empty());
    }
}
