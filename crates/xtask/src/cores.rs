//! Work side by side: of all that is asked for anywhere, as many pieces run at once as there are cores.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use pathlight_instrument::STACK;

use crate::Failure;

/// Pieces that run.
static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

fn count() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Does the work once a core is free for it. It must not ask for a core itself.
pub(crate) fn on_core<T>(work: impl FnOnce() -> T) -> T {
    /// Gives the core back, after a panic too.
    struct Core;
    impl Drop for Core {
        fn drop(&mut self) {
            *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            ENDED.notify_one();
        }
    }
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let is_full = |running: &mut usize| *running >= count();
    *ENDED.wait_while(running, is_full).unwrap_or_else(PoisonError::into_inner) += 1;
    let _core = Core;
    work()
}

/// The answers for all items, in their order; each is a piece of work of its own. After a failure no more are begun.
pub(crate) fn on_all<I: Sync, T: Send>(
    items: &[I],
    answer: impl Fn(&I) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let next = AtomicUsize::new(0);
    let work = |_: &usize| {
        let mut answers = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return Ok(answers) };
            let found = on_core(|| answer(item)).inspect_err(|_| next.store(items.len(), Ordering::Relaxed));
            answers.push((at, found?));
        }
    };
    let workers: Vec<_> = (0..count().min(items.len())).collect();
    let mut answers = Vec::new();
    for found in side_by_side(&workers, work) {
        answers.extend(found?);
    }
    answers.sort_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

/// Works on all items at once, each on a thread of its own. Every failure is said.
pub(crate) fn on_each<I: Sync>(items: &[I], work: impl Fn(&I) -> Result<(), Failure> + Sync) -> Result<(), Failure> {
    let failures: Vec<_> = side_by_side(items, work).into_iter().filter_map(Result::err).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Works on all items at once, each on a thread of its own; the results, in the order of the items. Of a failure the
/// text crosses the thread, since not every failure can.
fn side_by_side<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T, Failure> + Sync,
) -> Vec<Result<T, String>> {
    let work = &work;
    thread::scope(|scope| {
        let spawn = |item| {
            let worker = thread::Builder::new().stack_size(STACK);
            worker.spawn_scoped(scope, move || work(item).map_err(|error| error.to_string()))
        };
        let workers: Vec<_> = items.iter().map(spawn).collect();
        let joined = workers.into_iter().map(|worker| match worker.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            // It has said its own word.
            Ok(Err(_)) => Err("a thread panicked".to_owned()),
            Err(error) => Err(format!("no thread: {error}")),
        });
        joined.collect()
    })
}
