//! How many altered sentences are caught and how many true ones are called unsupported, class by class.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Completion, Failed, Trial};
use pllm_pipeline::support::{CheckedSentence, Verdict, check};

use crate::claims::{Claim, Texts, claims};

/// A class, and the share of its sentences in percent that has to be marked in each half: at least, of `true` at most.
type Gate = (&'static str, [f64; 2]);

const LIBRARY: [Gate; 4] =
    [("number", [88.0, 84.0]), ("date", [92.0, 89.0]), ("name", [62.0, 66.0]), ("true", [12.0, 30.0])];
const ALL: [Gate; 7] = [
    ("number", [89.0, 88.0]),
    ("date", [96.0, 92.0]),
    ("name", [68.0, 60.0]),
    ("unit", [90.0, 66.0]),
    ("role", [47.0, 28.0]),
    ("negation", [17.0, 21.0]),
    ("true", [8.0, 18.5]),
];

/// How many sentences of a class and half are marked, of how many.
type Table<'a> = BTreeMap<(&'a str, u8), (usize, usize)>;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("support::library", || measure(None, &LIBRARY)),
        Trial::ignorable_test("support::sets", || {
            let folder = std::env::var_os("PLLM_EVAL_DATA").map(|data| PathBuf::from(data).join("sets"));
            match folder.filter(|folder| folder.is_dir()) {
                None => Ok(Completion::ignored_with("not present: PLLM_EVAL_DATA names no folder with sets")),
                Some(folder) => measure(Some(&folder), &ALL).map(|()| Completion::Completed),
            }
        }),
    ]
}

/// Checks every sentence whose document is there, prints the table, and compares it with `gates`.
fn measure(folder: Option<&Path>, gates: &[Gate]) -> Result<(), Failed> {
    let claims = claims();
    let texts = Texts::of(&claims, folder);
    let mut table = Table::new();
    for claim in &claims {
        let Some(passages) = texts.passages(claim) else { continue };
        let found = check("", &claim.claim, &passages);
        let marked = usize::from(found.iter().any(is_marked));
        show(claim, &found, &passages);
        let count = table.entry((&claim.class, claim.half)).or_default();
        *count = (count.0 + marked, count.1 + 1);
    }
    for ((class, half), (marked, all)) in &table {
        println!("{class}, half {half}: {marked} of {all} marked, {:.1} %", percent(*marked, *all));
    }
    let halves = gates.iter().flat_map(|&(class, bounds)| [(class, 1, bounds[0]), (class, 2, bounds[1])]);
    let missed = halves.filter_map(|gate| missed(gate, &table)).collect::<Vec<_>>();
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

fn missed((class, half, bound): (&str, u8, f64), table: &Table<'_>) -> Option<String> {
    let (marked, all) = table.get(&(class, half)).copied().unwrap_or_default();
    let share = percent(marked, all);
    let fine = all > 0 && if class == "true" { share <= bound } else { share >= bound };
    (!fine).then(|| {
        format!(
            "{class}, half {half}: {share:.1} % of {all} marked, expected {bound} % at the {}",
            if class == "true" { "most" } else { "least" }
        )
    })
}
