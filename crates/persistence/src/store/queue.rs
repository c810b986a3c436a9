//! Work that waits for a thread: bounded, first in, first out.
//!
//! A channel of crossbeam spins and yields for a while before it sleeps. With more threads than cores, which is what a store
//! has, that takes the processor from those who could work (a tenth of what reading a record costs); here whoever finds
//! nothing sleeps at once.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Why something could not be queued; it is given back.
#[derive(Debug)]
pub(super) enum Unqueued<T> {
    /// Too much is waiting.
    Full(T),
    /// Nobody takes anything any more.
    Closed(T),
}

struct Waiting<T> {
    jobs: VecDeque<T>,
    senders: usize,
    receivers: usize,
}

struct Shared<T> {
    waiting: Mutex<Waiting<T>>,
    filled: Condvar,
    room: usize,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A queue with room for so many.
pub(super) fn queue<T>(room: usize) -> (Sender<T>, Receiver<T>) {
    let waiting = Mutex::new(Waiting { jobs: VecDeque::new(), senders: 1, receivers: 1 });
    let shared = Arc::new(Shared { waiting, filled: Condvar::new(), room });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// The end that fills; when the last one is gone, receivers take what is left and end.
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// The end that takes out.
pub(super) struct Receiver<T>(Arc<Shared<T>>);

impl<T> Sender<T> {
    /// Queues without waiting.
    pub(super) fn send(&self, job: T) -> Result<(), Unqueued<T>> {
        let mut waiting = self.0.lock();
        if waiting.receivers == 0 {
            return Err(Unqueued::Closed(job));
        }
        if waiting.jobs.len() >= self.0.room {
            return Err(Unqueued::Full(job));
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.0.filled.notify_one();
        Ok(())
    }
}

impl<T> Receiver<T> {
    /// The next one, as soon as there is one; `None` when there will be none.
    pub(super) fn recv(&self) -> Option<T> {
        let mut waiting = self.0.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.senders == 0 {
                return None;
            }
            waiting = self.0.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Everything that comes, for as long as something may come.
    pub(super) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.recv())
    }

    /// What is waiting now, one by one.
    pub(super) fn try_iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.0.lock().jobs.pop_front())
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("waiting", &self.0.lock().jobs.len()).finish()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        self.0.lock().receivers += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.senders -= 1;
        if waiting.senders == 0 {
            drop(waiting);
            self.0.filled.notify_all();
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.receivers -= 1;
        if waiting.receivers == 0 {
            // Whoever waits for them is told by their end.
            let left = std::mem::take(&mut waiting.jobs);
            drop(waiting);
            drop(left);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::thread;

    use super::*;

    #[test]
    fn what_is_queued_comes_out_in_order_and_no_more_fits_than_there_is_room() {
        let (sender, receiver) = queue(2);
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        assert!(matches!(sender.send(3), Err(Unqueued::Full(3))));
        assert_eq!(receiver.recv(), Some(1));
        sender.send(4).unwrap();
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn receivers_end_when_the_last_sender_is_gone_and_all_is_done() {
        let (sender, receiver) = queue(8);
        let other = sender.clone();
        let taking: Vec<_> = [receiver.clone(), receiver]
            .map(|receiver| thread::spawn(move || receiver.iter().sum::<u32>()))
            .into_iter()
            .collect();
        sender.send(1).unwrap();
        drop(sender);
        other.send(2).unwrap();
        drop(other);
        assert_eq!(taking.into_iter().map(|taking| taking.join().unwrap()).sum::<u32>(), 3);
    }

    #[test]
    fn nothing_is_queued_for_nobody_and_what_was_is_let_go() {
        let (sender, receiver) = queue(2);
        let token = Arc::new(());
        sender.send(Arc::clone(&token)).unwrap();
        drop(receiver);
        assert_eq!(Arc::strong_count(&token), 1);
        assert!(matches!(sender.send(token), Err(Unqueued::Closed(_))));
    }
}
