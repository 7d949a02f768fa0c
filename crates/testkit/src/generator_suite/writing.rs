//! What is written: order of events, usage, reasons to end, and what reaches the engine.

use super::case::{Case, Entry, Outcome, PIECES, ask, cases, collect, expect_well, quiet, request, well};
use super::{Ending, Script};
use futures::future::try_join_all;
use pllm_core::{ErrorKind, FinishReason, Usage};
use std::time::Duration;

pub(super) const CASES: &[Entry] = cases![
    text_usage_and_end_come_in_order,
    the_request_reaches_the_engine,
    each_reason_to_end_is_told,
    an_empty_answer_is_an_answer,
    a_slow_engine_is_waited_for,
    answers_at_the_same_time_are_not_mixed,
    a_request_that_is_none_is_refused,
    tokens_are_counted,
    a_check_says_that_it_is_there,
];

async fn text_usage_and_end_come_in_order(case: Case) -> Outcome {
    let scripted = case.start(&[well()]).await?;
    let mut stream = scripted.generator().generate(request(), &quiet()).await?;
    let whole = collect(stream.as_mut()).await?;
    assert_eq!(whole.text, PIECES.concat());
    assert_eq!(whole.finish, Some(FinishReason::Stop));
    let usage = Usage { prompt_tokens: 11, cached_tokens: 4, completion_tokens: 6 };
    assert_eq!(whole.usage, Some(usage));
    Ok(())
}

async fn the_request_reaches_the_engine(case: Case) -> Outcome {
    let scripted = case.start(&[well()]).await?;
    ask(scripted.as_ref()).await?;
    assert_eq!(scripted.asked(), [request()]);
    Ok(())
}

async fn each_reason_to_end_is_told(case: Case) -> Outcome {
    for reason in [FinishReason::Stop, FinishReason::Length] {
        let scripted = case.start(&[Script::new(&["x"], Ending::Finish(reason))]).await?;
        assert_eq!(ask(scripted.as_ref()).await?.finish, Some(reason));
    }
    Ok(())
}

async fn an_empty_answer_is_an_answer(case: Case) -> Outcome {
    let scripted = case.start(&[Script::new(&[], Ending::Finish(FinishReason::Stop))]).await?;
    let whole = ask(scripted.as_ref()).await?;
    assert_eq!((whole.text.as_str(), whole.finish), ("", Some(FinishReason::Stop)));
    Ok(())
}

async fn a_slow_engine_is_waited_for(case: Case) -> Outcome {
    let script = Script { pace: Duration::from_millis(50), ..well() };
    expect_well(case.start(&[script]).await?.as_ref()).await
}

async fn answers_at_the_same_time_are_not_mixed(case: Case) -> Outcome {
    let scripted = case.start(&[Script { pace: Duration::from_millis(2), ..well() }]).await?;
    let answers = try_join_all((0..4).map(|_| ask(scripted.as_ref()))).await?;
    assert!(answers.iter().all(|whole| whole.text == PIECES.concat()), "{answers:?}");
    Ok(())
}

async fn a_request_that_is_none_is_refused(case: Case) -> Outcome {
    let scripted = case.start(&[well()]).await?;
    let mut none = vec![request(), request(), request(), request()];
    none[0].messages.clear();
    none[1].max_tokens = 0;
    none[2].temperature = -0.1;
    none[3].temperature = f32::NAN;
    for request in none {
        let refused = scripted.generator().generate(request.clone(), &quiet()).await;
        let kind = refused.err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::InvalidInput), "{request:?}");
    }
    assert!(scripted.asked().is_empty(), "the engine was asked");
    Ok(())
}

async fn tokens_are_counted(case: Case) -> Outcome {
    let scripted = case.start(&[well()]).await?;
    let generator = scripted.generator();
    assert_eq!(generator.count_tokens("").await?, 0);
    let few = generator.count_tokens("The gate is green.").await?;
    let many = generator.count_tokens(&"The gate is green. ".repeat(40)).await?;
    assert!(few > 0 && many >= 30 * few, "{few} and {many} tokens");
    Ok(())
}

async fn a_check_says_that_it_is_there(case: Case) -> Outcome {
    let scripted = case.start(&[well()]).await?;
    scripted.generator().check().await?;
    let info = scripted.generator().info();
    assert!(!info.model.is_empty() && info.context_tokens > 0, "{info:?}");
    assert!(!info.remote || info.host.is_some(), "{info:?}");
    Ok(())
}
