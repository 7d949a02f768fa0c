//! The pool's promises: bounded, panics caught, left work not run, questions first.

use super::*;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Waker};
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
