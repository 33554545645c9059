//! Steps that are on their way: what is not done yet cannot be taken back, but it can be given up.

use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;

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
struct Open {
    begun: Timestamp,
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
    /// What ends it early.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.open.stop)
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
            begun: Timestamp::now(),
            stop: Arc::default(),
            given_up,
        });
        self.all().push(Arc::clone(&open));
        Some(Step {
            steps: Arc::clone(self),
            open,
        })
    }

    /// Whether all are done, or are so within a moment: until then it waits.
    pub(super) fn rest(&self) -> bool {
        let open = self.all();
        let waited = self
            .ended
            .wait_timeout_while(open, JUST_DONE, |it| !it.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_empty()
    }

    /// Gives up what was begun last, unless what was done `last` came after it; says so.
    pub(super) fn give_up(&self, last: Option<Timestamp>) -> Option<&'static str> {
        let open = self.all();
        let newest = open
            .iter()
            .rfind(|it| !it.stop.load(Ordering::Relaxed))
            .filter(|it| last.is_none_or(|last| last < it.begun))?;
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
    fn what_was_begun_last_is_given_up_first_and_not_before_what_was_done_since() {
        let steps = Arc::<Steps>::default();
        let order = PageOrder::FullText(StoryId(1));
        let (first, second) = (steps.begin(&order).unwrap(), steps.begin(&order).unwrap());
        let is = |step: &Step| step.stop().load(Ordering::Relaxed);
        assert_eq!(steps.give_up(Some(Timestamp::MAX)), None);
        assert!(steps.give_up(Some(Timestamp::MIN)).is_some());
        assert_eq!((is(&first), is(&second)), (false, true));
        assert!(steps.give_up(None).is_some());
        assert!(is(&first));
        assert_eq!(steps.give_up(None), None);
    }
}
