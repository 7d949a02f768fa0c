//! What is written: figures, ends, chance. Not which words: those differ from processor to processor.

use crate::model::{answer, ask, open, trial};
use anyhow::ensure;
use libtest_mimic::Trial;
use pllm_core::{FinishReason, Generator};
use pllm_models::generators::local::LocalGenerator;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("writing::an_answer_has_words_figures_and_an_end", words),
        trial("writing::it_ends_after_so_many_tokens", length),
        trial("writing::it_ends_before_a_stop_text", stop),
        trial("writing::the_same_seed_makes_the_same_text", seed),
        trial("writing::what_was_read_before_is_not_read_again", known),
    ]
}

async fn words(generator: LocalGenerator) -> anyhow::Result<()> {
    let info = generator.info();
    ensure!(info.draft && !info.remote && info.host.is_none() && info.context_tokens == 2048, "{info:?}");
    // Weights of 98 MB, and 2,048 tokens of 23,040 bytes.
    ensure!(generator.memory_bytes() == 98_362_432 + 2048 * 23_040, "{}", generator.memory_bytes());
    let answer =
        answer(&generator, ask("What is the capital of France? Answer in one sentence.", 60)).await?;
    ensure!(answer.text.split_whitespace().count() >= 2, "{answer:?}");
    ensure!(answer.usage.prompt_tokens > 20 && answer.usage.cached_tokens == 0, "{answer:?}");
    ensure!((2..=60).contains(&answer.usage.completion_tokens), "{answer:?}");
    Ok(())
}

async fn length(generator: LocalGenerator) -> anyhow::Result<()> {
    let answer = answer(&generator, ask("Tell me a long story of a ship.", 5)).await?;
    ensure!(answer.usage.completion_tokens == 5 && answer.finish == FinishReason::Length, "{answer:?}");
    Ok(())
}

async fn stop(generator: LocalGenerator) -> anyhow::Result<()> {
    let mut request = ask("Tell me a long story of a ship.", 200);
    request.stop = vec!["e".to_owned(), " a ".to_owned()];
    let answer = answer(&generator, request).await?;
    ensure!(answer.finish == FinishReason::Stop && !answer.text.contains('e'), "{answer:?}");
    Ok(())
}

async fn seed(generator: LocalGenerator) -> anyhow::Result<()> {
    let mut request = ask("Tell me a story.", 24);
    (request.temperature, request.seed) = (1.5, Some(11));
    // In another child: one that knows the prompt already adds numbers up in another order.
    let other = answer(&open()?, request.clone()).await?;
    ensure!(answer(&generator, request.clone()).await? == other, "the seed is the same");
    request.seed = Some(12);
    ensure!(answer(&generator, request).await?.text != other.text, "the seed is another");
    Ok(())
}

async fn known(generator: LocalGenerator) -> anyhow::Result<()> {
    let first = answer(&generator, ask("Name a colour.", 4)).await?.usage;
    let again = answer(&generator, ask("Name a colour.", 4)).await?.usage;
    ensure!(again.prompt_tokens == first.prompt_tokens && again.cached_tokens == first.prompt_tokens - 1);
    let other = answer(&generator, ask("Name a colour, please.", 4)).await?.usage;
    ensure!(other.cached_tokens > 20 && other.cached_tokens < first.prompt_tokens, "{other:?}");
    Ok(())
}
