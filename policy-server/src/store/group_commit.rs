//! Writes that come while another is on its way to the disk share the next transaction, and so one wait for the disk.

use std::fmt;

use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// How many writes share one transaction at most.
const MOST_TOGETHER: usize = 64;

/// Writes of one kind. Each is acknowledged once the transaction that it shares is on the disk; whoever stops waiting for
/// that does not stop the write.
pub(super) struct GroupCommit<T, R> {
    queue: mpsc::Sender<Waiting<T, R>>,
}

struct Waiting<T, R> {
    write: T,
    done: oneshot::Sender<Result<R, StoreError>>,
}

impl<T: Clone + Send + 'static, R: Send + 'static> GroupCommit<T, R> {
    /// Begins. `together` makes several writes in one transaction, all or none, and gives what became of each, in order.
    pub(super) fn start<F>(together: impl Fn(Vec<T>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<R>, StoreError>> + Send,
    {
        let (queue, mut waiting) = mpsc::channel::<Waiting<T, R>>(MOST_TOGETHER);
        tokio::spawn(async move {
            let mut group = Vec::new();
            while waiting.recv_many(&mut group, MOST_TOGETHER).await > 0 {
                let (writes, done): (Vec<_>, Vec<_>) = group.drain(..).map(|one| (one.write, one.done)).unzip();
                for (done, result) in done.into_iter().zip(all(&together, writes).await) {
                    // Whoever asked may have gone.
                    done.send(result).ok();
                }
            }
        });
        Self { queue }
    }

    /// Makes a write.
    pub(super) async fn write(&self, write: T) -> Result<R, StoreError> {
        let (done, written) = oneshot::channel();
        self.queue.send(Waiting { write, done }).await.map_err(|_| closed())?;
        written.await.map_err(|_| closed())?
    }
}

/// What became of each write. Where one spoils it for all, each is made alone.
async fn all<T: Clone, R, F>(together: &impl Fn(Vec<T>) -> F, writes: Vec<T>) -> Vec<Result<R, StoreError>>
where
    F: Future<Output = Result<Vec<R>, StoreError>>,
{
    match together(writes.clone()).await {
        Ok(results) => results.into_iter().map(Ok).collect(),
        Err(error) if writes.len() == 1 => vec![Err(error)],
        Err(_) => {
            let mut results = Vec::with_capacity(writes.len());
            for write in writes {
                results.push(together(vec![write]).await.and_then(|mut one| one.pop().ok_or_else(closed)));
            }
            results
        }
    }
}

fn closed() -> StoreError {
    StoreError::Database(DbErr::Custom("the store is closed".into()))
}

impl<T, R> fmt::Debug for GroupCommit<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupCommit").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn what_waits_for_a_write_is_written_together() {
        let (groups, gate) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
        let (seen, held) = (Arc::clone(&groups), Arc::clone(&gate));
        let commits = Arc::new(GroupCommit::start(move |writes: Vec<u32>| {
            let (seen, held) = (Arc::clone(&seen), Arc::clone(&held));
            async move {
                seen.lock().expect("a lock").push(writes.len());
                held.acquire().await.expect("open").forget();
                Ok(writes)
            }
        }));

        let write = |n| {
            let commits = Arc::clone(&commits);
            tokio::spawn(async move { commits.write(n).await })
        };
        let mut writing = vec![write(0)];
        while groups.lock().expect("a lock").is_empty() {
            tokio::task::yield_now().await;
        }
        writing.extend((1..5).map(write));
        while commits.queue.capacity() > MOST_TOGETHER - 4 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(2);
        for (n, written) in (0..5).zip(writing) {
            assert_eq!(written.await.expect("a task").expect("a write"), n);
        }
        assert_eq!(*groups.lock().expect("a lock"), [1, 4]);
    }

    #[tokio::test]
    async fn a_write_that_fails_spoils_no_other() {
        let together =
            |writes: Vec<u32>| async move { if writes.contains(&13) { Err(StoreError::Taken) } else { Ok(writes) } };

        let results = all(&together, vec![1, 13, 2]).await;

        assert!(matches!(results[..], [Ok(1), Err(StoreError::Taken), Ok(2)]), "{results:?}");
    }
}
