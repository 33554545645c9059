//! Steps that are on their way: what is not done yet cannot be taken back.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::app::pages::PageOrder;

/// So long an undo waits for what is just about to be done.
const JUST_DONE: Duration = Duration::from_millis(500);

/// How many things are being done that can be taken back once they are.
#[derive(Default)]
pub(super) struct Steps {
    open: Mutex<usize>,
    ended: Condvar,
}

/// One of them, as long as this is there.
pub(super) struct Step(Arc<Steps>);

impl Steps {
    /// The step that an order begins, if it can be taken back.
    pub(super) fn begin(self: &Arc<Self>, order: &PageOrder) -> Option<Step> {
        let is_step = matches!(order, PageOrder::Save { .. } | PageOrder::FullText(_));
        is_step.then(|| {
            *self.open.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            Step(Arc::clone(self))
        })
    }

    /// Whether all are done, or are so within a moment: until then it waits.
    pub(super) fn rest(&self) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.ended.wait_timeout_while(open, JUST_DONE, |it| *it > 0);
        *waited.unwrap_or_else(PoisonError::into_inner).0 == 0
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        *self.0.open.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_all();
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
}
