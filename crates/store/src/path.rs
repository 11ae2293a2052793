//! Which statements a piece of work runs, in their order: for tests that hold that two ways are the same path, whether
//! or not an address has an account. Only in debug builds; a release notes nothing.

#[cfg(debug_assertions)]
use std::cell::RefCell;

#[cfg(debug_assertions)]
tokio::task_local! {
    static RUN: RefCell<Vec<&'static str>>;
}

/// Notes a statement by its name, where somebody wants to know, and hands on what stands beside it.
#[cfg_attr(not(debug_assertions), expect(clippy::missing_const_for_fn, reason = "in a debug build it notes something"))]
pub(crate) fn noted<T>(name: &'static str, beside: T) -> T {
    #[cfg(debug_assertions)]
    let _ = RUN.try_with(|run| run.borrow_mut().push(name));
    #[cfg(not(debug_assertions))]
    let _ = name;
    beside
}

/// Does the work; with what came of it, the statements that it ran.
#[cfg(debug_assertions)]
pub async fn statements_of<F: Future>(work: F) -> (F::Output, Vec<&'static str>) {
    RUN.scope(RefCell::default(), async {
        let outcome = work.await;
        (outcome, RUN.with(RefCell::take))
    })
    .await
}
