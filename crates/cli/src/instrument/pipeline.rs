//! All cores, one order: files are prepared side by side and numbered in the order given.
//!
//! Ids count over all files, so a file's first id is known when every file before it has been prepared. Workers
//! take files in order; whoever closes a gap numbers all files that waited for it, and each worker finishes what
//! it gets. A worker does not run ahead while much is waiting, so memory does not grow with the number of files.

use std::collections::BTreeMap;
use std::iter;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What happens to each file. `Waiting` is what one leaves until its turn.
pub(crate) trait Stages: Sync {
    /// A prepared file.
    type Waiting: Send;
    /// What numbering gives to it.
    type Number: Send;

    /// Side by side, in any order.
    fn prepare(&self, file: usize) -> Self::Waiting;
    /// One at a time, in order.
    fn number(&self, file: usize, waiting: &Self::Waiting) -> Self::Number;
    /// Side by side, in any order.
    fn finish(&self, file: usize, waiting: Self::Waiting, number: Self::Number);
    /// Bytes that a waiting file holds.
    fn weight(waiting: &Self::Waiting) -> usize;
}

/// More than this may not wait, unless one file alone is larger.
const MOST_WAITING: usize = 256 << 20;

struct Queue<W> {
    /// The next file to be taken.
    next: usize,
    /// The next file to be numbered.
    turn: usize,
    waiting: BTreeMap<usize, W>,
    weight: usize,
}

/// Bytes of stack for each of some threads: `most`, or what a system that refuses so much can spare.
pub(crate) fn stack_for(threads: NonZeroUsize, most: usize) -> usize {
    let start = |stack: usize| thread::Builder::new().stack_size(stack).spawn(|| ());
    let is_given = |stack: &usize| start(*stack).is_ok_and(|thread| thread.join().is_ok());
    let mut stacks = iter::successors(Some(most), |stack| Some(stack / 2).filter(|half| *half >= LEAST_STACK));
    match stacks.find(is_given) {
        Some(stack) if stack == most => most,
        // What it still has to give is for all else, too.
        Some(largest) => (largest / threads / 4).max(LEAST_STACK),
        None => LEAST_STACK,
    }
}

/// As Rust's threads have it.
const LEAST_STACK: usize = 2 << 20;

/// Runs all stages for the files 0 to `files`, with fewer threads where the system refuses to start so many.
///
/// # Errors
/// Why not even one thread starts.
pub(crate) fn run<S: Stages>(stages: &S, files: usize, threads: NonZeroUsize, stack: usize) -> std::io::Result<()> {
    let queue = Mutex::new(Queue { next: 0, turn: 0, waiting: BTreeMap::new(), weight: 0 });
    let moved = Condvar::new();
    thread::scope(|scope| {
        let work = || while take_one(stages, files, &queue, &moved) {};
        for started in 0..threads.get().min(files) {
            match thread::Builder::new().stack_size(stack).spawn_scoped(scope, work) {
                Err(error) if started == 0 => return Err(error),
                Err(_) => break,
                Ok(_) => {}
            }
        }
        Ok(())
    })
}

fn lock<W>(queue: &Mutex<Queue<W>>) -> MutexGuard<'_, Queue<W>> {
    // Nothing that can panic runs under the lock but `number`, whose panics are the file's own.
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the next file through; `false` when there is none.
fn take_one<S: Stages>(stages: &S, files: usize, queue: &Mutex<Queue<S::Waiting>>, moved: &Condvar) -> bool {
    let file = {
        let mut state = lock(queue);
        while state.weight > MOST_WAITING && state.next < files && state.next > state.turn {
            state = moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.next >= files {
            return false;
        }
        state.next += 1;
        state.next - 1
    };
    let prepared = stages.prepare(file);
    let mut ready = Vec::new();
    {
        let mut state = lock(queue);
        state.weight += S::weight(&prepared);
        state.waiting.insert(file, prepared);
        loop {
            let turn = state.turn;
            let Some(prepared) = state.waiting.remove(&turn) else { break };
            state.weight -= S::weight(&prepared);
            let number = stages.number(turn, &prepared);
            state.turn += 1;
            ready.push((turn, prepared, number));
        }
    }
    moved.notify_all();
    for (file, prepared, number) in ready {
        stages.finish(file, prepared, number);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Numbers count up in order whatever the time that each file takes.
    struct Sleepy {
        numbered: AtomicUsize,
        finished: Mutex<Vec<(usize, usize)>>,
    }

    impl Stages for Sleepy {
        type Waiting = usize;
        type Number = usize;

        fn prepare(&self, file: usize) -> usize {
            thread::sleep(std::time::Duration::from_micros((file as u64 * 7919) % 400));
            file
        }

        fn number(&self, _: usize, _: &usize) -> usize {
            self.numbered.fetch_add(1, Ordering::Relaxed)
        }

        fn finish(&self, file: usize, _: usize, number: usize) {
            self.finished.lock().unwrap().push((file, number));
        }

        fn weight(_: &usize) -> usize {
            MOST_WAITING / 2
        }
    }

    #[test]
    fn numbers_follow_the_order_of_the_files() {
        for threads in [1, 3, 8] {
            let stages = Sleepy { numbered: AtomicUsize::new(0), finished: Mutex::default() };
            run(&stages, 200, NonZeroUsize::new(threads).unwrap(), 1 << 20).unwrap();
            let mut finished = stages.finished.into_inner().unwrap();
            finished.sort_unstable();
            assert_eq!(finished, (0..200).map(|at| (at, at)).collect::<Vec<_>>());
        }
    }
}
