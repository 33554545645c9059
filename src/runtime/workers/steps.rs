//! Steps that are on their way: what is not done yet cannot be taken back, but it can be given up.

use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use crate::app::pages::PageOrder;

/// So long an undo waits for what is just about to be done.
const JUST_DONE: Duration = Duration::from_millis(500);

/// What is being done that can be taken back once it is, in the order in which it was begun.
#[derive(Default)]
pub(super) struct Steps {
    open: Mutex<Vec<Arc<Open>>>,
    ended: Condvar,
}

/// One thing that is being done.
pub(super) struct Open {
    /// The last step in the journal when it was begun; none came after it as long as that is not known.
    after: AtomicI64,
    /// Ends it early.
    stop: Arc<AtomicBool>,
    /// What is said where it is given up.
    given_up: &'static str,
}

/// One of them, as long as this is there.
pub(super) struct Step {
    steps: Arc<Steps>,
    open: Arc<Open>,
}

impl Step {
    /// What is being done.
    pub(super) fn open(&self) -> Arc<Open> {
        Arc::clone(&self.open)
    }

    /// What ends it early.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.open.stop)
    }
}

impl Open {
    /// Says which step was the last one in the journal when it was begun.
    pub(super) fn comes_after(&self, last: Option<i64>) {
        self.after
            .store(last.unwrap_or_default(), Ordering::Relaxed);
    }
}

impl Steps {
    /// The step that an order begins, if it can be taken back.
    pub(super) fn begin(self: &Arc<Self>, order: &PageOrder) -> Option<Step> {
        let given_up = match order {
            PageOrder::Save { .. } => "Saving was given up",
            PageOrder::FullText(_) => "Asking for the full text was given up",
            PageOrder::Read { .. } => return None,
        };
        let open = Arc::new(Open {
            after: AtomicI64::new(i64::MAX),
            stop: Arc::default(),
            given_up,
        });
        self.all().push(Arc::clone(&open));
        Some(Step {
            steps: Arc::clone(self),
            open,
        })
    }

    /// Says that a step in the journal, the last one, is a part of what `stop` ends early: the rest of that is given up
    /// before it is taken back.
    pub(super) fn grew(&self, stop: &Arc<AtomicBool>, step: i64) {
        let all = self.all();
        let mut grown = all.iter().filter(|it| Arc::ptr_eq(&it.stop, stop));
        if let Some(open) = grown.next() {
            open.comes_after(Some(step));
        }
    }

    /// Whether all are done, or are so within a moment: until then it waits.
    pub(super) fn rest(&self) -> bool {
        let open = self.all();
        let waited = self
            .ended
            .wait_timeout_while(open, JUST_DONE, |it| !it.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_empty()
    }

    /// Gives up what was begun last, unless the `last` step in the journal came after it; says so.
    pub(super) fn give_up(&self, last: Option<i64>) -> Option<&'static str> {
        let open = self.all();
        let newest = open
            .iter()
            .rfind(|it| !it.stop.load(Ordering::Relaxed))
            .filter(|it| last.unwrap_or_default() <= it.after.load(Ordering::Relaxed))?;
        newest.stop.store(true, Ordering::Relaxed);
        Some(newest.given_up)
    }

    /// Gives all of them up: the program ends.
    pub(super) fn end(&self) {
        for open in self.all().iter() {
            open.stop.store(true, Ordering::Relaxed);
        }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.steps.all().retain(|it| !Arc::ptr_eq(it, &self.open));
        self.steps.ended.notify_all();
    }
}

/// So often whoever waits for a turn sees whether that is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// Whose turn it is to keep stories: one after the other, for twice at once one would be kept twice.
#[derive(Default)]
pub(super) struct Turns {
    /// What ends early what is being done.
    taken: Mutex<Option<Arc<AtomicBool>>>,
    ended: Condvar,
}

/// A turn, as long as this is there.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    stop: Arc<AtomicBool>,
}

impl Turns {
    /// Waits for a turn; none where that is given up meanwhile. Nobody waits for what was given up itself: it may be
    /// at a server that does not answer, and keeps nothing any more.
    pub(super) fn take(&self, stop: &Arc<AtomicBool>) -> Option<Turn<'_>> {
        loop {
            if let Some(turn) = self.try_take(stop) {
                return Some(turn);
            }
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            drop(self.ended.wait_timeout(taken, LOOK));
        }
    }

    /// A turn, if nobody else has it.
    pub(super) fn try_take(&self, stop: &Arc<AtomicBool>) -> Option<Turn<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.as_ref().is_some_and(|it| !it.load(Ordering::Relaxed)) {
            return None;
        }
        *taken = Some(Arc::clone(stop));
        Some(Turn {
            turns: self,
            stop: Arc::clone(stop),
        })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut taken = self
            .turns
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        taken.take_if(|it| Arc::ptr_eq(it, &self.stop));
        self.turns.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::story::StoryId;

    #[test]
    fn an_undo_waits_for_the_last_step_and_not_for_ever() {
        let steps = Arc::<Steps>::default();
        assert!(steps.rest());
        let order = PageOrder::FullText(StoryId(1));
        let (first, second) = (steps.begin(&order), steps.begin(&order));
        assert!(first.is_some());
        drop(first);
        assert!(!steps.rest(), "the second is not done");
        let ends = thread::spawn(move || drop(second));
        assert!(steps.rest());
        assert!(ends.join().is_ok());
    }

    #[test]
    fn nobody_waits_for_the_turn_of_what_was_given_up() {
        let turns = Turns::default();
        let stops: [Arc<AtomicBool>; 3] = Default::default();
        let first = turns.take(&stops[0]);
        assert!(first.is_some());
        stops[1].store(true, Ordering::Relaxed);
        assert!(turns.take(&stops[1]).is_none());
        stops[0].store(true, Ordering::Relaxed);
        let third = turns.take(&stops[2]);
        assert!(third.is_some());
        // What was given up ends nobody else's.
        drop(first);
        assert!(turns.take(&stops[1]).is_none());
        drop(third);
        assert!(turns.take(&Arc::default()).is_some());
    }

    #[test]
    fn what_was_begun_last_is_given_up_first_and_not_before_what_was_done_since() {
        let steps = Arc::<Steps>::default();
        let order = PageOrder::FullText(StoryId(1));
        let (first, second) = (steps.begin(&order).unwrap(), steps.begin(&order).unwrap());
        let is = |step: &Step| step.stop().load(Ordering::Relaxed);
        first.open().comes_after(None);
        second.open().comes_after(Some(7));
        assert_eq!(steps.give_up(Some(8)), None);
        assert!(steps.give_up(Some(7)).is_some());
        assert_eq!((is(&first), is(&second)), (false, true));
        assert!(steps.give_up(None).is_some());
        assert!(is(&first));
        assert_eq!(steps.give_up(None), None);
    }
}
