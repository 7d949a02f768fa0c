//! Whoever does not want an answer any more is free at once, and the next one gets theirs.

use super::case::{Case, Entry, Outcome, PIECES, cases, expect_well, quiet, request, texts, well};
use super::{Ending, Script};
use pllm_core::{CancelFlag, ErrorKind, RunContext};
use std::time::{Duration, Instant};

pub(super) const CASES: &[Entry] = cases![
    a_flag_ends_a_wait_at_once,
    a_flag_ends_a_beginning_at_once,
    a_deadline_ends_a_wait,
    a_dropped_stream_makes_room_for_the_next,
];

/// What the contract promises a caller.
const AT_ONCE: Duration = Duration::from_millis(100);
/// A moment before whatever is asked to stop. It only has to be there.
const MEANWHILE: Duration = Duration::from_millis(150);

/// Writes two pieces and then nothing any more; the next call is answered.
fn hanging() -> [Script; 2] {
    [Script::new(&PIECES[..2], Ending::Hang), well()]
}

async fn a_flag_ends_a_wait_at_once(case: Case) -> Outcome {
    let scripted = case.start(&hanging()).await?;
    let cancel = CancelFlag::default();
    let mut stream = scripted.generator().generate(request(), &RunContext::new(cancel.clone())).await?;
    assert_eq!(texts(stream.as_mut(), 2).await?, PIECES[..2].concat());
    let stop = async {
        tokio::time::sleep(MEANWHILE).await;
        cancel.cancel();
        Instant::now()
    };
    let (next, stopped) = tokio::join!(async { (stream.next().await, Instant::now()) }, stop);
    assert_eq!(next.0.err().map(|error| error.kind()), Some(ErrorKind::Cancelled));
    assert!(next.1 - stopped < AT_ONCE, "free after {:?}", next.1 - stopped);
    assert!(stream.next().await?.is_none(), "something came after the end");
    drop(stream);
    expect_well(scripted.as_ref()).await
}

async fn a_flag_ends_a_beginning_at_once(case: Case) -> Outcome {
    let scripted = case.start(&[Script::new(&[], Ending::Hang), well()]).await?;
    let cancel = CancelFlag::default();
    let context = RunContext::new(cancel.clone());
    let generator = scripted.generator();
    let begun = async {
        let outcome = match generator.generate(request(), &context).await {
            Ok(mut stream) => stream.next().await.map(|_| ()),
            Err(error) => Err(error),
        };
        (outcome, Instant::now())
    };
    let stop = async {
        tokio::time::sleep(MEANWHILE).await;
        cancel.cancel();
        Instant::now()
    };
    let (begun, stopped) = tokio::join!(begun, stop);
    assert_eq!(begun.0.err().map(|error| error.kind()), Some(ErrorKind::Cancelled));
    assert!(begun.1 - stopped < AT_ONCE, "free after {:?}", begun.1 - stopped);
    expect_well(scripted.as_ref()).await
}

async fn a_deadline_ends_a_wait(case: Case) -> Outcome {
    let scripted = case.start(&hanging()).await?;
    // What a start costs is not what is tested.
    scripted.generator().check().await?;
    let deadline = Instant::now() + Duration::from_millis(500);
    let context = quiet().with_deadline(deadline);
    let outcome = async {
        let mut stream = scripted.generator().generate(request(), &context).await?;
        texts(stream.as_mut(), 2).await?;
        stream.next().await
    };
    assert_eq!(outcome.await.err().map(|error| error.kind()), Some(ErrorKind::Timeout));
    let late = Instant::now() - deadline;
    assert!(late < AT_ONCE, "free {late:?} after the deadline");
    expect_well(scripted.as_ref()).await
}

async fn a_dropped_stream_makes_room_for_the_next(case: Case) -> Outcome {
    let many = vec!["word "; 2000];
    let long = Script { pace: Duration::from_millis(20), ..Script::new(&many, Ending::Hang) };
    let scripted = case.start(&[long, well()]).await?;
    let mut stream = scripted.generator().generate(request(), &quiet()).await?;
    texts(stream.as_mut(), 1).await?;
    drop(stream);
    let began = Instant::now();
    expect_well(scripted.as_ref()).await?;
    assert!(began.elapsed() < Duration::from_secs(10), "the next answer came after {:?}", began.elapsed());
    Ok(())
}
