//! Warnings of one conversion: told in order, the many of one sort counted instead of listed.

use pllm_core::{Place, Warning};

/// Of one sort this many are listed one by one.
const LISTED: usize = 20;

/// Collects warnings.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    list: Vec<Warning>,
    /// Sorts of warnings and how many of each there were.
    counts: Vec<(&'static str, usize)>,
}

impl Warnings {
    /// Adds one.
    pub(crate) fn add(&mut self, code: &'static str, place: Option<Place>, message: String) {
        let index = self.counts.iter().position(|(known, _)| *known == code).unwrap_or_else(|| {
            self.counts.push((code, 0));
            self.counts.len() - 1
        });
        self.counts[index].1 += 1;
        if self.counts[index].1 <= LISTED {
            self.list.push(Warning { place, code: code.into(), message });
        }
    }

    /// All of them; where a sort has more than are listed, one more says how many.
    pub(crate) fn finish(mut self) -> Vec<Warning> {
        for (code, count) in self.counts {
            if let Some(more) = count.checked_sub(LISTED).filter(|more| *more > 0) {
                self.list.push(Warning {
                    place: None,
                    code: code.into(),
                    message: format!("and {more} more like these"),
                });
            }
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_one_sort_are_counted() {
        let mut warnings = Warnings::default();
        for number in 0..25 {
            warnings.add("many", Some(Place::Row { number }), format!("row {number}"));
        }
        warnings.add("one", None, "once".to_owned());
        let list = warnings.finish();
        assert_eq!(list.len(), LISTED + 2);
        assert_eq!(list[LISTED].message, "once");
        assert_eq!(list[LISTED + 1].message, "and 5 more like these");
    }
}
