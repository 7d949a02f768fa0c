//! Each way to fail, the words for it, and that the next piece of work is done all the same.

use crate::child::pool;
use anyhow::{Context, ensure};
use libtest_mimic::{Failed, Trial};
use pllm_core::{CancelFlag, Error, ErrorKind};
use pllm_runtime::WorkerPool;
use pllm_runtime::worker::{WorkLimits, Worked};
use std::future::Future;
use std::time::{Duration, Instant};

/// Enough for any work here that ends by itself.
pub(crate) const LIMITS: WorkLimits =
    WorkLimits { time: Duration::from_secs(60), memory_bytes: 64 << 20, output_bytes: 8 << 20 };

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("faults::items_and_result_arrive_in_order", order),
        trial("faults::each_way_to_fail_is_told_in_words", words),
        trial("faults::a_stranger_is_no_worker", strangers),
        trial("faults::the_memory_of_each_piece_of_work_is_told", memory),
        trial("faults::a_stop_is_heard_at_once", stopped),
        trial("faults::who_takes_the_items_may_refuse_them", refused),
    ]
}

/// A case in a runtime of its own.
pub(crate) fn trial<F>(name: &'static str, case: fn() -> F) -> Trial
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(case()).map_err(|error| Failed::from(format!("{error:?}")))
    })
}

/// Has `head` done and forgets the items.
pub(crate) async fn work(pool: &WorkerPool, head: &str, limits: WorkLimits) -> Worked {
    pool.work((head.as_bytes(), b""), limits, &CancelFlag::default(), &mut |_| Ok(())).await
}

/// The result as text.
pub(crate) async fn result(pool: &WorkerPool, head: &str) -> anyhow::Result<String> {
    Ok(String::from_utf8(work(pool, head, LIMITS).await.result?)?)
}

async fn order() -> anyhow::Result<()> {
    let pool = pool("serve", 1);
    for body in ["", "abcdefg", &"long ".repeat(100_000)] {
        let mut items = String::new();
        let mut take = |item: Vec<u8>| {
            items.push_str(&String::from_utf8_lossy(&item));
            Ok(())
        };
        let cancel = CancelFlag::default();
        let worked = pool.work((b"echo", body.as_bytes()), LIMITS, &cancel, &mut take).await;
        ensure!(worked.result? == b"echoed");
        ensure!(items.len() == body.len() + body.len().div_ceil(3) && items.replace('!', "") == body);
    }
    Ok(())
}

async fn words() -> anyhow::Result<()> {
    let pool = pool("serve", 1);
    let quick = WorkLimits { time: Duration::from_millis(300), ..LIMITS };
    let cases = [
        ("abort", LIMITS, ErrorKind::Internal, "the process doing the work crashed (signal 6)"),
        ("exit 3", LIMITS, ErrorKind::Internal, "the process doing the work ended early (exit code 3)"),
        ("hang", quick, ErrorKind::Timeout, "doing the work took longer than 1 s"),
        ("memory 1000", LIMITS, ErrorKind::TooLarge, "doing the work needs more than 64 MiB of memory"),
        (
            "stack",
            LIMITS,
            ErrorKind::InvalidInput,
            "doing the work ran out of stack: it is nested too deeply",
        ),
        ("flood", LIMITS, ErrorKind::TooLarge, "doing the work gave more than 8 MiB"),
        ("panic", LIMITS, ErrorKind::Internal, "doing the work met a defect of this program (crates/"),
    ];
    for (head, limits, kind, message) in cases {
        let error = work(&pool, head, limits).await.result.err().with_context(|| format!("{head} fails"))?;
        ensure!(error.kind() == kind && error.message().starts_with(message), "{head}: {error:?}");
        ensure!(!format!("{error:?}").contains("secret"), "{error:?}");
        let next = result(&pool, "noise").await.with_context(|| format!("after {head}"))?;
        ensure!(next == "quiet", "after {head}: {next}");
    }
    Ok(())
}

async fn strangers() -> anyhow::Result<()> {
    let check = async |role: &'static str, kind, message: &'static str| -> anyhow::Result<()> {
        let error = work(&pool(role, 1), "echo", LIMITS).await.result.err().context(role)?;
        ensure!(error.kind() == kind && error.to_string().contains(message), "{role}: {error:?}");
        Ok(())
    };
    check("stranger", ErrorKind::Unavailable, "does not start: what answers is no worker").await?;
    check("usage-first", ErrorKind::Internal, "replied what does not read").await?;
    check("no-kind", ErrorKind::Internal, "replied what does not read").await?;
    check("gone", ErrorKind::Internal, "ended early (exit code 7)").await
}

async fn memory() -> anyhow::Result<()> {
    let pool = pool("serve", 1);
    let peak = async |mib: u64| -> anyhow::Result<u64> {
        let worked = work(&pool, &format!("memory {mib}"), LIMITS).await;
        worked.result?;
        Ok(worked.usage.peak_bytes.context("/proc tells no peak")? >> 20)
    };
    let (small, large, again) = (peak(1).await?, peak(50).await?, peak(1).await?);
    ensure!((50..65).contains(&large), "50 MiB were touched, {large} are told");
    ensure!(small < 20 && again < 20, "each piece is measured alone: {small}, {large}, {again}");
    Ok(())
}

async fn stopped() -> anyhow::Result<()> {
    let pool = pool("serve", 1);
    let (cancel, began) = (CancelFlag::default(), Instant::now());
    let mut stop = |_| {
        cancel.cancel();
        Ok(())
    };
    let worked = pool.work((b"pid hang", b""), LIMITS, &cancel, &mut stop).await;
    let error = worked.result.err().context("it was stopped")?;
    ensure!(error.kind() == ErrorKind::Cancelled, "{error:?}");
    ensure!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    Ok(())
}

async fn refused() -> anyhow::Result<()> {
    let pool = pool("serve", 1);
    let mut refuse = |_| Err(Error::invalid("test", "not this one"));
    let worked = pool.work((b"echo", b"abc"), LIMITS, &CancelFlag::default(), &mut refuse).await;
    let error = worked.result.err().context("it was refused")?;
    ensure!(error.message() == "not this one", "{error:?}");
    ensure!(result(&pool, "noise").await? == "quiet");
    Ok(())
}
