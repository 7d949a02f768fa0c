//! Is what a test needs on this machine, and if not, may that be?

use libtest_mimic::{Completion, Failed};

/// Names, separated by commas, of what must not be absent: `PLLM_TEST_REQUIRE=memory,strace`.
pub const REQUIRE: &str = "PLLM_TEST_REQUIRE";

/// Whether something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Here,
    /// It is not, and why.
    Absent(String),
}

impl Presence {
    /// What a test that needs `name` does: it goes on with `None`, or ends as ignored with the reason.
    ///
    /// # Errors
    /// When `name` is absent and [`REQUIRE`] names it.
    pub fn settle(&self, name: &str) -> Result<Option<Completion>, Failed> {
        self.settle_by(name, &std::env::var(REQUIRE).unwrap_or_default())
    }

    fn settle_by(&self, name: &str, required: &str) -> Result<Option<Completion>, Failed> {
        let Self::Absent(reason) = self else { return Ok(None) };
        if required.split(',').any(|required| required.trim() == name) {
            return Err(format!("{name} is absent ({reason}), but {REQUIRE} names it").into());
        }
        Ok(Some(Completion::ignored_with(reason)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_is_ignored_or_a_failure() {
        let outcome = |presence: &Presence, required: &str| match presence.settle_by("chroma", required) {
            Ok(None) => "runs".to_owned(),
            Ok(Some(Completion::Ignored { reason })) => format!("ignored: {}", reason.unwrap_or_default()),
            Ok(Some(Completion::Completed)) => "passed".to_owned(),
            Err(_) => "failed".to_owned(),
        };
        let absent = Presence::Absent("no server".to_owned());
        let check = |presence: &Presence, required: &str, expected: &str| {
            assert_eq!(outcome(presence, required), expected, "{presence:?} {required:?}");
        };
        check(&Presence::Here, "chroma", "runs");
        check(&absent, "", "ignored: no server");
        check(&absent, "chromatic,memory", "ignored: no server");
        check(&absent, "memory, chroma", "failed");
    }
}
