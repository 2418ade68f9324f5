//! Room for one piece of work: what is put in takes the place of what was there.

use std::{
    future::{Future, pending},
    pin::Pin,
};

/// Work that is done while the loop waits for it. Replacing it ends it.
pub(super) struct Slot<T>(Option<Pin<Box<dyn Future<Output = T>>>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    /// Begins `work`.
    pub(super) fn put(&mut self, work: impl Future<Output = T> + 'static) {
        self.0 = Some(Box::pin(work));
    }

    /// Ends what is there.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }

    /// The outcome of the work that is there; waits for ever when there is none. Nothing is lost when the caller stops
    /// waiting.
    pub(super) async fn finished(&mut self) -> T {
        let Some(work) = &mut self.0 else { return pending().await };
        let outcome = work.await;
        self.0 = None;
        outcome
    }
}
