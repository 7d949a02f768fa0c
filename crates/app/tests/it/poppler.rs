//! An independent look at the PDF of the sample library: what the product quotes stands in poppler's output, and what it
//! boxes is what poppler finds there.

mod dropped;
mod file;
mod folded;
mod noticed;
mod words;

use crate::fixture::{Fixture, Outcome, ensure, plain, with_model_and};
use crate::library::folder;
use file::Pdf;
use libtest_mimic::Trial;
use pllm_app::evaluate::set::{GoldQuote, Question, read_lines};

pub(crate) fn trials() -> Vec<Trial> {
    let agreed = with_model_and(
        ("poppler", words::presence),
        "poppler::quotes_sentences_and_lines_of_pdf_stand_where_it_finds_them",
        agreed,
    );
    vec![agreed, plain("poppler::text_and_boxes_that_are_not_the_pages_are_noticed", noticed::faults)]
}

async fn agreed() -> Outcome {
    let questions: Vec<Question> = read_lines(&folder().join("questions.jsonl"))?;
    let gold: Vec<&GoldQuote> = questions.iter().flat_map(|question| &question.gold).collect();
    let (mut faults, mut counts) = (Vec::new(), [0; 3]);
    for (name, pdf) in ingested().await? {
        let quotes: Vec<&GoldQuote> = gold.iter().copied().filter(|gold| gold.file == name).collect();
        let found = [pdf.quotes(&quotes), pdf.sentences(), pdf.lines()];
        for (count, (compared, wrong)) in counts.iter_mut().zip(found) {
            *count += compared;
            faults.extend(wrong.into_iter().map(|fault| format!("{name}, {fault}")));
        }
    }
    let [quotes, sentences, lines] = counts;
    println!("poppler: {quotes} quotes, {sentences} sentences, {lines} lines, {} faults", faults.len());
    ensure(faults.is_empty(), || faults.join("\n"))?;
    let of_pdf = gold.iter().filter(|gold| gold.file.ends_with(".pdf")).count();
    ensure(quotes == of_pdf && quotes > 0, || format!("{quotes} of {of_pdf} quotes were compared"))
}

/// The PDF of the library by name, as the product stores them.
async fn ingested() -> anyhow::Result<Vec<(String, Pdf)>> {
    let fixture = Fixture::new().await?;
    for file in std::fs::read_dir(folder().join("files"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            std::fs::copy(&path, fixture.files.join(path.file_name().unwrap_or_default()))?;
        }
    }
    let summary = fixture.ingest().await?;
    ensure(summary.failed() == 0, || format!("{summary:?}"))?;
    let collection = fixture.app.collection("default").await?;
    let mut read = Vec::new();
    for listed in fixture.app.sources("default", None).await? {
        let text = fixture.app.source_text(&collection, &listed.source).await?;
        let detail = listed.source.detail;
        read.push((
            detail.name.clone(),
            Pdf::new(&folder().join("files").join(&detail.name), text, &detail.report.dropped)?,
        ));
    }
    Ok(read)
}
