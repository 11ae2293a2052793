//! What a random test needs so that it can be played again, and a crash at any moment.

use std::task::Poll;

/// A seeded source of choices.
pub struct Dice(pub u64);

impl Dice {
    /// One of `bound` numbers from zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Lets a future go on for so many polls, then drops it, as a crash between two of its statements would.
pub fn crash_after<T>(polls: usize, future: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    let mut future = Box::pin(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
}
