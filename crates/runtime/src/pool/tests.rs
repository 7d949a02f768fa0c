//! The pool's promises: bounded, panics caught, left work not run, questions first.

use super::*;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Waker};
use std::time::Duration;
use tokio::task::JoinHandle as Task;
use tracing_subscriber::layer::{Layer, SubscriberExt};

/// Occupies the only worker until the sender is used or dropped.
async fn occupy(pool: &CpuPool) -> (mpsc::Sender<()>, Task<Result<()>>) {
    let (release, gate) = mpsc::channel::<()>();
    let (began, wait) = oneshot::channel();
    let blocker = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.run(move || {
                let _ = began.send(());
                let _ = gate.recv();
            })
            .await
        }
    });
    wait.await.expect("the worker began");
    (release, blocker)
}

/// Polls once, which enqueues the work; whether it is not done yet.
fn begins<F: Future + Unpin>(future: &mut F) -> bool {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

fn push(log: &Arc<Mutex<Vec<&'static str>>>, word: &'static str) -> impl FnOnce() + Send + 'static {
    let log = Arc::clone(log);
    move || log.lock().unwrap().push(word)
}

#[tokio::test]
async fn work_gives_its_value_and_a_panic_ends_only_itself() {
    let pool = CpuPool::new(1, 4);
    assert_eq!(pool.run(|| 6 * 7).await.unwrap(), 42);
    let error = pool.run(|| -> u32 { panic!("no {}", "luck") }).await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Internal, "work panicked: no luck"));
    let name = pool.run(|| thread::current().name().map(str::to_owned)).await.unwrap();
    assert_eq!(name.as_deref(), Some("pllm-cpu-0"));
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let pool = CpuPool::new(1, 1);
    let (release, blocker) = occupy(&pool).await;
    let mut waiting = Box::pin(pool.run(|| 1));
    assert!(begins(&mut waiting));
    assert_eq!(pool.run_first(|| 2).await.unwrap_err().kind(), ErrorKind::Overloaded);
    drop(release);
    assert_eq!(waiting.await.unwrap(), 1);
    blocker.await.unwrap().unwrap();
}

#[tokio::test]
async fn questions_overtake_documents_and_keep_their_own_order() {
    let pool = CpuPool::new(1, 8);
    let (release, blocker) = occupy(&pool).await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut documents = [Box::pin(pool.run(push(&log, "d1"))), Box::pin(pool.run(push(&log, "d2")))];
    let mut questions =
        [Box::pin(pool.run_first(push(&log, "q1"))), Box::pin(pool.run_first(push(&log, "q2")))];
    for document in &mut documents {
        assert!(begins(document));
    }
    for question in &mut questions {
        assert!(begins(question));
    }
    drop(release);
    for document in documents {
        document.await.unwrap();
    }
    blocker.await.unwrap().unwrap();
    assert_eq!(*log.lock().unwrap(), ["q1", "q2", "d1", "d2"]);
}

#[tokio::test]
async fn work_whose_caller_left_is_not_run() {
    let pool = CpuPool::new(1, 8);
    let (release, blocker) = occupy(&pool).await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut left = Box::pin(pool.run(push(&log, "left")));
    assert!(begins(&mut left));
    drop(left);
    drop(release);
    pool.run(push(&log, "stayed")).await.unwrap();
    blocker.await.unwrap().unwrap();
    assert_eq!(*log.lock().unwrap(), ["stayed"]);
}

#[tokio::test]
async fn dropping_the_last_handle_waits_for_running_work() {
    let done = Arc::new(AtomicUsize::new(0));
    let pool = CpuPool::new(1, 8);
    let (release, gate) = mpsc::channel::<()>();
    let (began, wait) = oneshot::channel();
    let counter = Arc::clone(&done);
    let mut abandoned = Box::pin(pool.run(move || {
        let _ = began.send(());
        let _ = gate.recv();
        counter.fetch_add(1, Ordering::SeqCst);
    }));
    assert!(begins(&mut abandoned));
    wait.await.expect("the worker began");
    drop(abandoned);
    drop(release);
    drop(pool);
    assert_eq!(done.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn work_may_drop_the_last_handle() {
    let pool = CpuPool::new(1, 8);
    let inner = pool.clone();
    let (sender, receiver) = oneshot::channel();
    let (release, gate) = mpsc::channel::<()>();
    let task = tokio::spawn(async move {
        let _ = pool
            .run(move || {
                let _ = gate.recv();
                drop(inner);
                let _ = sender.send(());
            })
            .await;
    });
    tokio::task::yield_now().await;
    task.abort();
    let _ = task.await;
    drop(release);
    let _ = receiver.await;
}

#[test]
fn the_span_of_the_caller_goes_along() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let pool = CpuPool::new(0, 0);
    assert_eq!(pool.threads(), 1);
    let entered = Entered::default();
    let subscriber = tracing_subscriber::registry().with(entered.clone());
    tracing::subscriber::with_default(subscriber, || {
        let span = tracing::info_span!("ask");
        let worker = span.in_scope(|| runtime.block_on(pool.run(|| thread::current().id())).unwrap());
        assert!(entered.0.lock().unwrap().contains(&worker));
    });
}

/// Remembers the threads on which a span was entered.
#[derive(Default, Clone)]
struct Entered(Arc<Mutex<Vec<thread::ThreadId>>>);

impl<S: tracing::Subscriber> Layer<S> for Entered {
    fn on_enter(&self, _: &tracing::span::Id, _: tracing_subscriber::layer::Context<'_, S>) {
        self.0.lock().unwrap().push(thread::current().id());
    }
}

#[tokio::test]
async fn a_guest_is_alone_and_questions_go_between_its_turns() {
    let pool = CpuPool::new(1, 8);
    let log = Arc::default();
    let (release, blocker) = occupy(&pool).await;
    let guest = pool.guest();
    let mut turn = Box::pin(guest.alone());
    assert!(begins(&mut turn), "a worker has a job");
    let mut document = Box::pin(pool.run(push(&log, "document")));
    let mut question = Box::pin(pool.run_first(push(&log, "question")));
    assert!(begins(&mut document) && begins(&mut question));
    drop(release);
    blocker.await.unwrap().unwrap();
    question.await.unwrap();
    let turn = turn.await;
    assert_eq!(*log.lock().unwrap(), ["question"], "documents wait for a guest");
    let mut question = Box::pin(pool.run_first(push(&log, "second question")));
    assert!(begins(&mut question));
    let mut next = Box::pin(guest.alone());
    assert!(begins(&mut next), "one turn at a time");
    assert_eq!(log.lock().unwrap().len(), 1, "nothing is done while a guest is alone");
    drop(turn);
    question.await.unwrap();
    drop(next.await);
    drop(guest);
    document.await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["question", "second question", "document"]);
}

#[tokio::test]
async fn documents_have_their_round_in_a_long_answer() {
    let pool = CpuPool::new(2, 64);
    let guest = pool.guest();
    let turn = guest.alone().await;
    let mut documents: Vec<_> = (0..6).map(|_| Box::pin(pool.run(|| ()))).collect();
    assert!(documents.iter_mut().all(begins));
    pool.0.shared.lock().turns.begin_round(pool.threads());
    drop(turn);
    let turn = guest.alone().await;
    assert_eq!(pool.0.shared.lock().rest.len(), 4, "one job for each worker");
    drop(turn);
    drop(guest);
    for document in documents {
        document.await.unwrap();
    }
}

#[test]
fn a_round_is_due_when_guests_were_alone_for_long() {
    let mut turns = Turns::default();
    let due: Vec<bool> =
        [399, 0, 1, 399, 1].into_iter().map(|ms| turns.spend(Duration::from_millis(ms))).collect();
    assert_eq!(due, [false, false, true, false, true]);
}

/// Workers and a guest with as many threads as there are workers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_more_compute_than_there_are_processors() {
    const THREADS: usize = 3;
    let pool = CpuPool::new(THREADS, 1024);
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let compute = |threads: usize| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        move || {
            most.fetch_max(now.fetch_add(threads, Ordering::SeqCst) + threads, Ordering::SeqCst);
            thread::yield_now();
            now.fetch_sub(threads, Ordering::SeqCst);
        }
    };
    let jobs: Vec<_> = (0..300)
        .map(|n| {
            let (pool, job) = (pool.clone(), compute(1));
            tokio::spawn(
                async move { if n % 3 == 0 { pool.run_first(job).await } else { pool.run(job).await } },
            )
        })
        .collect();
    let guest = pool.guest();
    for _ in 0..100 {
        let turn = guest.alone().await;
        compute(THREADS)();
        drop(turn);
        tokio::task::yield_now().await;
    }
    drop(guest);
    for job in jobs {
        job.await.unwrap().unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), THREADS);
}
