//! What was acknowledged is there, what was refused left no trace, and one job's fault is nobody else's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use rapport_domain::kind::RecordKind;
use rapport_persistence::sources::{SourceRow, source_delete, source_find, source_hold, source_insert};
use rapport_persistence::types::Id;
use rapport_persistence::users::{UserRow, user_find, user_team_hold, user_update};
use rapport_persistence::{Store, StoreConfig, StoreError, Target, Tx};

use crate::builders::{World, id, may_configure, names};
use crate::rows::add_people;

fn add(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    let row = SourceRow { key: key.to_owned(), names: names(key), position: 0, is_active: true, version: 1 };
    source_insert(tx, &may_configure(), &row)
}

async fn is_there(world: &World, key: &str) -> bool {
    let key = key.to_owned();
    world.store.read("find", move |db| Ok::<_, StoreError>(source_find(db, &key)?.is_some())).await.unwrap()
}

#[tokio::test]
async fn of_many_at_once_the_acknowledged_are_kept_and_the_refused_are_not() {
    World::each(async |world| {
        let jobs = (0..150).map(|n| {
            let store = world.store.clone();
            tokio::spawn(async move {
                let key = format!("key{n}");
                store
                    .write("add", move |tx| {
                        add(tx, &key)?;
                        if n % 3 == 0 { Err(StoreError::Internal("refused".into())) } else { Ok(n) }
                    })
                    .await
            })
        });
        for (n, job) in jobs.collect::<Vec<_>>().into_iter().enumerate() {
            let answer = job.await.unwrap();
            assert_eq!(answer.is_ok(), n % 3 != 0, "{answer:?}");
            assert_eq!(is_there(world, &format!("key{n}")).await, n % 3 != 0, "key{n}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_fault_of_the_database_undoes_the_whole_job() {
    World::each(async |world| {
        let twice = world.write(|tx, _| {
            add(tx, "first")?;
            add(tx, "web")
        });
        assert_eq!(twice.await.unwrap_err(), StoreError::Unique("sources_pkey".into()));
        assert!(!is_there(world, "first").await);
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_contained() {
    World::each(async |world| {
        let answer: Result<(), StoreError> = world
            .write(|tx, _| {
                add(tx, "doomed")?;
                panic!("a bug");
            })
            .await;
        assert!(matches!(&answer, Err(StoreError::Internal(text)) if text.contains("panicked")), "{answer:?}");
        assert!(!is_there(world, "doomed").await);
        let read: Result<(), StoreError> = world.store.read("bad", |_| panic!("a bug")).await;
        assert!(matches!(read, Err(StoreError::Internal(_))));
        for n in 0..8 {
            world.write(move |tx, _| add(tx, &format!("after{n}"))).await.unwrap();
            assert!(is_there(world, &format!("after{n}")).await);
        }
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_fails_is_undone_and_the_rest_stays() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, _: &_| {
            add(tx, "before")?;
            let taken = tx.attempt(|tx| {
                add(tx, "inside")?;
                add(tx, "web")
            });
            assert_eq!(taken.unwrap_err(), StoreError::Unique("sources_pkey".into()));
            tx.attempt(|tx| tx.attempt(|tx| add(tx, "nested")))?;
            add(tx, "after")
        };
        world.write(work).await.unwrap();
        for (key, there) in [("before", true), ("inside", false), ("nested", true), ("after", true)] {
            assert_eq!(is_there(world, key).await, there, "{key}");
        }
    })
    .await;
}

/// On PostgreSQL what is known is locked, and a lock goes with the savepoint it was taken in.
#[tokio::test]
async fn what_a_transaction_holds_is_known_until_it_is_written_or_its_attempt_fails() {
    World::each(async |world| {
        world.write(add_people).await.unwrap();
        let work = |tx: &mut Tx<'_>, _: &_| {
            let team = |tx: &mut Tx<'_>| Ok::<_, StoreError>(user_team_hold(tx, id(1))?.and_then(|user| user.team_id));
            let was = team(tx)?;
            let mut user = user_find(tx, id(1))?.unwrap();
            assert_eq!((was, team(tx)?), (user.team_id, user.team_id));
            user.team_id = if was == Some(Id(id(1))) { Some(Id(id(2))) } else { Some(Id(id(1))) };
            user_update(tx, &may_configure(), &UserRow { version: user.version + 1, ..user.clone() }, user.version)?;
            assert_eq!(team(tx)?, user.team_id, "written by this transaction");

            let own = (RecordKind::Customer, id(7));
            let failed = tx.attempt(|tx| {
                add(tx, "inside")?;
                assert!(source_hold(tx, "inside")?.is_some());
                tx.vouch(own.0, own.1);
                assert!(tx.has_vouched(own.0, own.1));
                Err::<(), _>(StoreError::Stale)
            });
            assert_eq!(failed, Err(StoreError::Stale));
            assert!(source_hold(tx, "inside")?.is_none() && !tx.has_vouched(own.0, own.1), "undone");

            add(tx, "gone")?;
            tx.attempt(|tx| source_hold(tx, "gone"))?;
            source_delete(tx, &may_configure(), "gone")?;
            assert!(source_hold(tx, "gone")?.is_none(), "removed by this transaction");
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_met_another_one_runs_again() {
    World::each(async |world| {
        if matches!(world.store.target(), Target::Sqlite(_)) {
            return; // One writer: transactions never meet.
        }
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let work = move |tx: &mut Tx<'_>, _: &_| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            add(tx, &format!("run{run}"))?;
            if run < 3 { Err(StoreError::Retry) } else { Ok(run) }
        };
        assert_eq!(world.write(work).await, Ok(3));
        for (key, there) in [("run0", false), ("run2", false), ("run3", true)] {
            assert_eq!(is_there(world, key).await, there, "{key}");
        }
        let endless: Result<(), StoreError> = world.write(|_, _| Err(StoreError::Retry)).await;
        assert_eq!(endless, Err(StoreError::Retry));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_standby_is_not_read_from() {
    World::each(async |world| {
        let Target::Postgres(url) = world.store.target() else { return };
        let (promoted, nobody) =
            (format!("{url}&application_name=reader"), "postgres://127.0.0.1:1/rapport".to_owned());
        for (n, read) in [promoted, nobody].into_iter().enumerate() {
            let config = StoreConfig { write: Target::Postgres(url.clone()), read: Target::Postgres(read), threads: 2 };
            let store = Store::open(&config).unwrap();
            for m in 0..20 {
                let key = format!("key{n}_{m}");
                let again = key.clone();
                store.write("add", move |tx| add(tx, &key)).await.unwrap();
                let found = store.read("find", move |db| Ok::<_, StoreError>(source_find(db, &again)?.is_some()));
                assert!(found.await.unwrap());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_cannot_write_on_sqlite() {
    World::each(async |world| {
        let Target::Sqlite(_) = world.store.target() else { return };
        use diesel::RunQueryDsl as _;
        let answer = world.store.read("write", |db| {
            let rapport_persistence::Db::Sqlite(conn) = db else { return Ok(0) };
            diesel::sql_query("DELETE FROM sources").execute(conn).map_err(StoreError::from)
        });
        assert!(answer.await.is_err());
        assert!(is_there(world, "web").await);
    })
    .await;
}

/// What a request reads fits together, and the next one sees what has come meanwhile; also after one that failed or panicked.
#[tokio::test]
async fn what_a_job_reads_is_of_one_moment_on_sqlite() {
    World::each(async |world| {
        let Target::Sqlite(_) = world.store.target() else { return };
        for end in ["well", "refused", "panic"] {
            let written = Arc::new(AtomicU32::new(0));
            let (seen, store) = (written.clone(), world.store.clone());
            let reading = tokio::spawn(async move {
                let read = store.read("twice", move |db| {
                    let before = source_find(db, end)?.is_some();
                    seen.store(1, Ordering::Release);
                    while seen.load(Ordering::Acquire) < 2 {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    assert_eq!((before, source_find(db, end)?.is_some()), (false, false), "two moments");
                    match end {
                        "refused" => Err(StoreError::Internal(end.into())),
                        "panic" => std::panic::resume_unwind(Box::new(end)),
                        _ => Ok(()),
                    }
                });
                read.await
            });
            while written.load(Ordering::Acquire) < 1 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            world.write(move |tx, _| add(tx, end)).await.unwrap();
            written.store(2, Ordering::Release);
            assert_eq!(reading.await.unwrap().is_ok(), end == "well", "{end}");
            for _ in 0..16 {
                assert!(is_there(world, end).await, "after {end}");
            }
        }
    })
    .await;
}

/// Whoever waits while all threads are busy is refused in time, and what was refused is not done later; but who has time waits.
#[tokio::test]
async fn who_waits_too_long_for_a_turn_is_refused_and_nothing_is_done() {
    World::each(async |world| {
        let is_over = Arc::new(AtomicBool::new(false));
        let occupy = |_| {
            let (store, is_over) = (world.store.clone(), is_over.clone());
            let work = move |_: &mut Tx<'_>| {
                while !is_over.load(Ordering::Acquire) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Ok::<_, StoreError>(())
            };
            tokio::spawn(async move { store.write("busy", work).await })
        };
        let busy: Vec<_> = (0..16).map(occupy).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let store = world.store.at_leisure();
        let patient = tokio::spawn(async move { store.write("patient", |tx| add(tx, "patient")).await });
        let late = world.write(|tx, _| add(tx, "late")).await;
        assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
        is_over.store(true, Ordering::Release);
        let mut done = 0;
        for job in busy {
            done += u32::from(job.await.unwrap().is_ok());
        }
        assert!(done > 0, "what had begun is done");
        assert_eq!(patient.await.unwrap(), Ok(()), "who has time has waited");
        assert!(is_there(world, "patient").await);
        world.write(|tx, _| add(tx, "later")).await.unwrap();
        assert!(!is_there(world, "late").await);
    })
    .await;
}
