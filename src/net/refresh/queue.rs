//! Feeds that wait to be asked, and whose turn it is: never more than two of one host at once. A host that
//! does not answer costs a bounded time, however many feeds it has: after the first the others are asked in a
//! hurry, and after a few the rest is not asked at all.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use url::Url;

use crate::{library::Call, story::clean};

/// How many feeds of one host are asked at once.
const PER_HOST: usize = 2;

/// After so many feeds in a row that a host did not answer for it is not asked for more.
const PATIENCE: usize = 4;

/// A host that is waited for is named after this time.
const LONG: Duration = Duration::from_secs(2);

/// Feeds that wait, taken by many threads.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    hosts: Vec<Host>,
    /// Hosts that may be asked and have something to be asked for, in the order of their turns.
    ready: VecDeque<usize>,
    left: usize,
    taken: usize,
    /// Since when each feed is asked whose server did not answer yet, and which host that is, by the number of
    /// its turn.
    asked: HashMap<usize, (Instant, usize)>,
    closed: bool,
}

#[derive(Default)]
struct Host {
    name: String,
    calls: VecDeque<Call>,
    busy: usize,
    /// Feeds in a row that it did not answer for in time.
    silent: usize,
}

/// How a feed is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As all are.
    Calmly,
    /// Its host did not answer for another: little is waited for.
    Hurried,
    /// Its host did not answer for so many others: not at all.
    NotAtAll(usize),
}

/// A feed is being asked: while this is there, it counts for its host.
pub(super) struct Turn<'a> {
    queue: &'a Queue,
    host: usize,
    number: usize,
    /// How it is to be asked.
    pub(super) manner: Manner,
}

impl Queue {
    /// Has the feeds asked in this order, as far as their hosts allow.
    pub(super) fn new(calls: Vec<Call>) -> Self {
        let mut waiting = Waiting {
            left: calls.len(),
            ..Waiting::default()
        };
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for call in calls {
            let (key, name) = host_of(&call.url);
            let number = *numbers.entry(key).or_insert_with(|| {
                waiting.hosts.push(Host {
                    name,
                    ..Host::default()
                });
                waiting.ready.push_back(waiting.hosts.len() - 1);
                waiting.hosts.len() - 1
            });
            waiting.hosts[number].calls.push_back(call);
        }
        Queue {
            waiting: Mutex::new(waiting),
            changed: Condvar::new(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next feed to be asked, waited for if need be; none where all were.
    pub(super) fn next(&self) -> Option<(Call, Turn<'_>)> {
        let mut waiting = self.waiting();
        loop {
            if waiting.closed || waiting.left == 0 {
                return None;
            }
            if let Some(number) = waiting.ready.pop_front() {
                waiting.left -= 1;
                waiting.taken += 1;
                let turn = waiting.taken;
                waiting.asked.insert(turn, (Instant::now(), number));
                let host = waiting.hosts.get_mut(number)?;
                let call = host.calls.pop_front()?;
                host.busy += 1;
                let manner = match host.silent {
                    0 => Manner::Calmly,
                    silent if silent < PATIENCE => Manner::Hurried,
                    silent => Manner::NotAtAll(silent),
                };
                if host.busy < PER_HOST && !host.calls.is_empty() {
                    // The others come between.
                    waiting.ready.push_back(number);
                }
                if waiting.left == 0 {
                    self.changed.notify_all();
                }
                let turn = Turn {
                    queue: self,
                    host: number,
                    number: turn,
                    manner,
                };
                return Some((call, turn));
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many threads are missing of `hands` that do not wait for slow servers, where there are `working`
    /// in all and something is to be asked.
    pub(super) fn lacks(&self, hands: usize, working: usize, patience: Duration) -> usize {
        let waiting = self.waiting();
        let slow = |(since, _): &&(Instant, usize)| since.elapsed() >= patience;
        let stuck = waiting.asked.values().filter(slow).count();
        let swift = working.saturating_sub(stuck);
        hands.saturating_sub(swift).min(waiting.ready.len())
    }

    /// The hosts that have been waited for long, that which has been longest first.
    pub(super) fn awaited(&self) -> Vec<String> {
        let waiting = self.waiting();
        let mut long: Vec<(Instant, usize)> = waiting.asked.values().copied().collect();
        long.retain(|(since, _)| since.elapsed() >= LONG);
        long.sort_unstable();
        let mut hosts: Vec<String> = Vec::new();
        for name in long
            .iter()
            .filter_map(|(_, host)| Some(&waiting.hosts.get(*host)?.name))
        {
            if !hosts.contains(name) {
                hosts.push(name.clone());
            }
        }
        hosts
    }

    /// Whether nothing was taken yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.waiting().taken == 0
    }

    /// Has nothing asked any more.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.changed.notify_all();
    }
}

impl Turn<'_> {
    /// Says whether its host answered in time.
    pub(super) fn answered(&self, in_time: bool) {
        if let Some(host) = self.queue.waiting().hosts.get_mut(self.host) {
            host.silent = if in_time { 0 } else { host.silent + 1 };
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting();
        waiting.asked.remove(&self.number);
        let Some(host) = waiting.hosts.get_mut(self.host) else {
            return;
        };
        host.busy -= 1;
        if host.busy + 1 == PER_HOST && !host.calls.is_empty() {
            waiting.ready.push_back(self.host);
            self.queue.changed.notify_one();
        }
    }
}

/// Whom an address asks: the host and the port; and the host as it is shown.
fn host_of(url: &str) -> (String, String) {
    let Ok(url) = Url::parse(url) else {
        return Default::default();
    };
    let port = url.port_or_known_default().unwrap_or(0);
    let host = url.host_str().unwrap_or_default();
    (format!("{host}:{port}"), clean::line(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::FeedId;

    fn call(number: u32, url: &str) -> Call {
        Call::new(FeedId(number), url)
    }

    #[test]
    fn no_more_than_two_of_a_host_at_once() {
        let queue = Queue::new(vec![
            call(1, "http://a.example/1"),
            call(2, "http://a.example/2"),
            call(3, "http://A.example:80/3"),
            call(4, "http://b.example/4"),
        ]);
        let next = || queue.next().map(|(call, turn)| (call.feed.0, turn));
        let (first, turn) = next().unwrap();
        let (second, _b) = next().unwrap();
        let (third, _a) = next().unwrap();
        assert_eq!([first, second, third], [1, 4, 2]);
        let patience = Duration::from_secs(100);
        assert_eq!(
            queue.lacks(8, 3, patience),
            0,
            "a third one of that host was given"
        );
        drop(turn);
        assert_eq!(
            (queue.lacks(3, 2, patience), queue.lacks(2, 2, patience)),
            (1, 0)
        );
        // Those that wait for their servers for long do not count.
        assert_eq!(queue.lacks(2, 2, Duration::ZERO), 1);
        let (last, _turn) = next().unwrap();
        assert_eq!(last, 3);
        assert!(next().is_none());
    }

    #[test]
    fn a_host_that_does_not_answer_is_asked_less_and_less() {
        let calls = (0..8).map(|number| call(number, "http://a.example/"));
        let queue = Queue::new(calls.collect());
        let next = |in_time: bool| {
            let (_, turn) = queue.next().unwrap();
            turn.answered(in_time);
            turn.manner
        };
        assert_eq!(next(false), Manner::Calmly);
        assert_eq!(next(false), Manner::Hurried);
        // It answers: only that feed is slow.
        assert_eq!(next(true), Manner::Hurried);
        let asked = [next(false), next(false), next(false), next(false)];
        assert_eq!(asked[0], Manner::Calmly);
        assert_eq!(asked[1..], [Manner::Hurried; 3]);
        assert_eq!(next(false), Manner::NotAtAll(4));
    }

    #[test]
    fn a_closed_queue_gives_nothing() {
        let queue = Queue::new(vec![call(1, "http://a.example/")]);
        queue.close();
        assert!(queue.next().is_none());
    }
}
