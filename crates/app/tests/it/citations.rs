//! What is cited is in the text, at the place that is named.

use crate::fixture::{Fixture, Outcome, ensure, with_model};
use libtest_mimic::Trial;
use pllm_app::ask::AskRequest;
use pllm_core::{Place, TextSource};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("citations::every_quote_is_a_slice_of_the_text_it_names", slices),
        with_model("citations::a_question_about_something_else_is_declined", declined),
        with_model("citations::places_name_heading_and_lines", places),
    ]
}

const LEASE: &str = "# Lease\n\n## Rent\n\nThe rent is 900 euro a month and is paid in advance.\n\n## Deposit\n\nThe tenant Léa Müller \
    pays a deposit of 1,350 euro.\nIt is given back 6 months after she moves out. 🙂\n";

async fn slices() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("lease.md", LEASE)?;
    fixture.file("zh.txt", "社区中心每天九点开门。图书馆在二楼，周一休息。")?;
    fixture.ingest().await?;
    for question in ["How much is the deposit?", "When is the rent paid?", "图书馆在几楼？"] {
        let (_, citations) = fixture.app.ask("default", &AskRequest::new(question)).await?;
        ensure(!citations.is_empty(), || question.to_owned())?;
        for named in &citations {
            let citation = &named.citation;
            let collection = fixture.app.collection("default").await?;
            let text = collection.texts.text(citation.source(), citation.revision()).await?;
            ensure(citation.range().slice(&text.text) == Some(citation.quote()), || format!("{citation:?}"))?;
            let chars: String = text
                .text
                .chars()
                .skip(citation.chars().start())
                .take(citation.quote().chars().count())
                .collect();
            ensure(chars == citation.quote(), || format!("{citation:?}"))?;
        }
    }
    Ok(())
}

async fn declined() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("lease.md", LEASE)?;
    fixture.ingest().await?;
    let (outcome, _) = fixture
        .app
        .ask("default", &AskRequest::new("Who won the world cup of chess boxing in Kraków?"))
        .await?;
    ensure(outcome.answer.abstained && outcome.answer.text.is_empty(), || format!("{:?}", outcome.answer))
}

async fn places() -> Outcome {
    let fixture = Fixture::new().await?;
    fixture.file("lease.md", LEASE)?;
    fixture.ingest().await?;
    let (outcome, citations) =
        fixture.app.ask("default", &AskRequest::new("How much deposit does the tenant pay?")).await?;
    ensure(outcome.answer.text.contains("1,350 euro"), || format!("{:?}", outcome.answer))?;
    let place = citations[0].citation.place().cloned();
    let expected = Place::Section {
        headings: vec!["Lease".to_owned(), "Deposit".to_owned()],
        first_line: 9,
        last_line: 9,
    };
    ensure(place == Some(expected), || format!("{place:?}"))
}
