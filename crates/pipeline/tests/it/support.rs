//! How many altered sentences are caught and how many true ones are called unsupported, class by class.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Completion, Failed, Trial};
use pllm_pipeline::support::{CheckedSentence, Verdict, check};

use crate::claims::{Claim, Texts, claims};

/// A class, and the share of its sentences in percent that has to be marked: at least, of `true` at most.
type Gate = (&'static str, f64);

const LIBRARY: [Gate; 4] = [("number", 80.0), ("date", 90.0), ("name", 60.0), ("true", 20.0)];
/// Of the second half.
const SETS: [Gate; 4] = [("number", 85.0), ("date", 90.0), ("name", 50.0), ("true", 17.0)];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("support::library", || measure(None, &LIBRARY, |claim| claim.set == "library")),
        Trial::ignorable_test("support::sets", || {
            let folder = std::env::var_os("PLLM_EVAL_DATA").map(|data| PathBuf::from(data).join("sets"));
            match folder.filter(|folder| folder.is_dir()) {
                None => Ok(Completion::ignored_with("not present: PLLM_EVAL_DATA names no folder with sets")),
                Some(folder) => {
                    measure(Some(&folder), &SETS, |claim| claim.half == 2).map(|()| Completion::Completed)
                }
            }
        }),
    ]
}

/// Checks every sentence, prints the table, and compares the sentences that are `gated` with `gates`.
fn measure(folder: Option<&Path>, gates: &[Gate], gated: impl Fn(&Claim) -> bool) -> Result<(), Failed> {
    let claims = claims();
    let texts = Texts::of(&claims, folder);
    let mut table: BTreeMap<(&str, u8), (usize, usize)> = BTreeMap::new();
    let mut of_gates: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for claim in &claims {
        let Some(passages) = texts.passages(claim) else { continue };
        let found = check("", &claim.claim, &passages);
        let marked = usize::from(found.iter().any(is_marked));
        show(claim, &found, &passages);
        let counts = [table.entry((&claim.class, claim.half)).or_default()];
        let gate = gated(claim).then(|| of_gates.entry(&claim.class).or_default());
        for count in counts.into_iter().chain(gate) {
            *count = (count.0 + marked, count.1 + 1);
        }
    }
    for ((class, half), (marked, all)) in &table {
        println!("{class}, half {half}: {marked} of {all} marked, {:.1} %", percent(*marked, *all));
    }
    let missed = gates.iter().filter_map(|gate| missed(*gate, &of_gates)).collect::<Vec<_>>();
    if missed.is_empty() { Ok(()) } else { Err(Failed::from(missed.join("; "))) }
}

/// Prints a sentence that is judged wrong, if `PLLM_SHOW` names its class and half: `true1`.
fn show(claim: &Claim, found: &[CheckedSentence], passages: &[&str]) {
    let wanted =
        std::env::var("PLLM_SHOW").is_ok_and(|wanted| wanted == format!("{}{}", claim.class, claim.half));
    if !wanted || found.iter().any(is_marked) != (claim.class == "true") {
        return;
    }
    println!("{}: {}", claim.id, claim.claim);
    for sentence in found {
        if let Verdict::Unsupported(faults) = &sentence.verdict {
            faults
                .iter()
                .for_each(|fault| println!("  {:?}: {:?}", fault.kind, fault.range.slice(&claim.claim)));
        }
        for evidence in &sentence.evidence {
            println!("  > {:?}", evidence.range.slice(passages[evidence.passage]));
        }
    }
}

fn is_marked(sentence: &CheckedSentence) -> bool {
    matches!(sentence.verdict, Verdict::Unsupported(_) | Verdict::Withheld)
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn missed((class, bound): Gate, counts: &BTreeMap<&str, (usize, usize)>) -> Option<String> {
    let (marked, all) = counts.get(class).copied().unwrap_or_default();
    let share = percent(marked, all);
    let fine = all > 0 && if class == "true" { share <= bound } else { share >= bound };
    (!fine).then(|| {
        format!(
            "{class}: {share:.1} % of {all} marked, expected {bound} % at the {}",
            if class == "true" { "most" } else { "least" }
        )
    })
}
