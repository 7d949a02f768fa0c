//! An engine that fails costs the answer it is at, and says so.

use super::case::{Case, Entry, Outcome, PIECES, cases, expect_well, quiet, request, texts, well};
use super::{Ending, GARBAGE, Script};
use pllm_core::{Error, ErrorKind};

pub(super) const CASES: &[Entry] = cases![
    a_crash_in_the_middle_costs_that_answer_only,
    garbage_costs_that_answer_only,
    a_crash_at_the_beginning_costs_that_answer_only,
    a_prompt_that_is_too_long_is_told_as_such,
    an_engine_that_is_not_there_is_told_as_such,
];

/// The error of an answer that breaks off after `pieces`.
async fn broken(case: &Case, ending: Ending, pieces: usize) -> Result<Error, libtest_mimic::Failed> {
    let scripted = case.start(&[Script::new(&PIECES[..pieces], ending), well()]).await?;
    let error = match scripted.generator().generate(request(), &quiet()).await {
        Err(error) if pieces == 0 => error,
        Err(error) => return Err(format!("{error} before any text").into()),
        Ok(mut stream) => {
            // What was written before is not lost.
            assert_eq!(texts(stream.as_mut(), pieces).await?, PIECES[..pieces].concat());
            let error = stream.next().await.err().ok_or("no error, expected one")?;
            assert!(stream.next().await?.is_none(), "something came after the error");
            error
        }
    };
    expect_well(scripted.as_ref()).await?;
    Ok(error)
}

fn expect_defect(error: &Error) {
    let kinds = [ErrorKind::Unavailable, ErrorKind::Internal];
    assert!(kinds.contains(&error.kind()), "{error}");
}

async fn a_crash_in_the_middle_costs_that_answer_only(case: Case) -> Outcome {
    expect_defect(&broken(&case, Ending::Crash, 3).await?);
    Ok(())
}

async fn garbage_costs_that_answer_only(case: Case) -> Outcome {
    let error = broken(&case, Ending::Garbage, 3).await?;
    expect_defect(&error);
    // What it was is no text of ours, and may be somebody's.
    assert!(!error.to_string().contains(GARBAGE), "{error}");
    Ok(())
}

async fn a_crash_at_the_beginning_costs_that_answer_only(case: Case) -> Outcome {
    expect_defect(&broken(&case, Ending::Crash, 0).await?);
    Ok(())
}

async fn a_prompt_that_is_too_long_is_told_as_such(case: Case) -> Outcome {
    let error = broken(&case, Ending::TooLarge, 0).await?;
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    Ok(())
}

async fn an_engine_that_is_not_there_is_told_as_such(case: Case) -> Outcome {
    let dead = case.factory.dead().await?;
    let kind = |outcome: pllm_core::Result<()>| outcome.err().map(|error| error.kind());
    assert_eq!(kind(dead.check().await), Some(ErrorKind::Unavailable));
    let asked = match dead.generate(request(), &quiet()).await {
        Ok(mut stream) => stream.next().await.map(drop),
        Err(error) => Err(error),
    };
    assert_eq!(kind(asked), Some(ErrorKind::Unavailable));
    Ok(())
}
