//! Feeds that wait to be asked, and whose turn it is: never more than two of one host at once.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use url::Url;

use crate::library::Call;

/// How many feeds of one host are asked at once.
const PER_HOST: usize = 2;

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
    /// Since when each feed is asked whose server did not answer yet, by the number of its turn.
    asked: HashMap<usize, Instant>,
    closed: bool,
}

#[derive(Default)]
struct Host {
    calls: VecDeque<Call>,
    busy: usize,
}

/// A feed is being asked: while this is there, it counts for its host.
pub(super) struct Turn<'a> {
    queue: &'a Queue,
    host: usize,
    number: usize,
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
            let number = *numbers.entry(host_of(&call.url)).or_insert_with(|| {
                waiting.hosts.push(Host::default());
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
                waiting.asked.insert(turn, Instant::now());
                let host = waiting.hosts.get_mut(number)?;
                let call = host.calls.pop_front()?;
                host.busy += 1;
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
        let slow = |since: &&Instant| since.elapsed() >= patience;
        let stuck = waiting.asked.values().filter(slow).count();
        let swift = working.saturating_sub(stuck);
        hands.saturating_sub(swift).min(waiting.ready.len())
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

/// Whom an address asks: the host and the port.
fn host_of(url: &str) -> String {
    let Ok(url) = Url::parse(url) else {
        return String::new();
    };
    let port = url.port_or_known_default().unwrap_or(0);
    format!("{}:{port}", url.host_str().unwrap_or_default())
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
    fn a_closed_queue_gives_nothing() {
        let queue = Queue::new(vec![call(1, "http://a.example/")]);
        queue.close();
        assert!(queue.next().is_none());
    }
}
