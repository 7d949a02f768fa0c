//! From the bytes of tokens to text that can be shown: whole characters, and nothing that may yet become a stop text.

/// Text under way.
#[derive(Debug)]
pub(crate) struct Writing {
    stop: Vec<String>,
    /// Bytes that are not yet a whole character.
    bytes: Vec<u8>,
    /// Text that a stop text may begin in.
    held: String,
}

/// What became certain.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Certain {
    /// Text to show.
    pub(crate) text: String,
    /// Whether a stop text was written; it is not part of the text, and nothing comes after it.
    pub(crate) stopped: bool,
}

impl Writing {
    /// A text that ends before any of `stop`; empty ones are none.
    pub(crate) fn new(stop: Vec<String>) -> Self {
        let stop = stop.into_iter().filter(|text| !text.is_empty()).collect();
        Self { stop, bytes: Vec::new(), held: String::new() }
    }

    /// Takes the bytes of a token.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Certain {
        self.bytes.extend_from_slice(bytes);
        self.take_characters();
        self.certain()
    }

    /// What is left at the end; half a character is not.
    pub(crate) fn finish(&mut self) -> String {
        self.bytes.clear();
        std::mem::take(&mut self.held)
    }

    /// Moves whole characters on. Bytes that never become one are shown as U+FFFD.
    fn take_characters(&mut self) {
        let mut rest = self.bytes.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.held.push_str(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (text, broken) = rest.split_at(error.valid_up_to());
                    self.held.push_str(&String::from_utf8_lossy(text));
                    rest = broken;
                    let Some(length) = error.error_len() else { break };
                    self.held.push('\u{FFFD}');
                    rest = &rest[length..];
                }
            }
        }
        self.bytes = rest.to_vec();
    }

    fn certain(&mut self) -> Certain {
        if let Some(at) = self.stop.iter().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.held.truncate(at);
            return Certain { text: std::mem::take(&mut self.held), stopped: true };
        }
        let keep = self.stop.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let held = self.held.split_off(self.held.len() - keep);
        Certain { text: std::mem::replace(&mut self.held, held), stopped: false }
    }
}

/// Bytes at the end of `text` that `stop` begins with.
fn overlap(text: &str, stop: &str) -> usize {
    let most = text.len().min(stop.len() - 1);
    (1..=most).rev().find(|length| text.as_bytes().ends_with(&stop.as_bytes()[..*length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of `tokens`, step by step, and what at the end.
    fn check(stop: &[&str], tokens: &[&[u8]], shown: &[&str], stopped: bool) {
        let mut writing = Writing::new(stop.iter().map(|stop| (*stop).to_owned()).collect());
        let mut seen = Vec::new();
        let mut is_stopped = false;
        for token in tokens {
            let Certain { text, stopped } = writing.push(token);
            seen.push(text);
            is_stopped = stopped;
        }
        if !is_stopped {
            seen.push(writing.finish());
        }
        assert_eq!(
            (seen.iter().map(String::as_str).collect::<Vec<_>>(), is_stopped),
            (shown.to_vec(), stopped)
        );
    }

    #[test]
    fn characters_are_never_cut() {
        check(
            &[],
            &["é".as_bytes(), &[0xF0, 0x9F], &[0x99], &[0x82, b'!']],
            &["é", "", "", "🙂!", ""],
            false,
        );
        check(&[], &[&[b'a', 0xFF, b'b', 0xE2]], &["a\u{FFFD}b", ""], false);
    }

    #[test]
    fn a_stop_text_is_found_over_tokens_and_never_shown() {
        check(&["\n\n"], &[b"one", b"\n", b"\ntwo"], &["one", "", ""], true);
        check(&["\n\n"], &[b"one\n", b"two\n"], &["one", "\ntwo", "\n"], false);
        check(&["END", "STOP"], &[b"a STO", b"P END"], &["a ", ""], true);
        check(&["aab"], &[b"xaa", b"ab"], &["x", "a"], true);
        check(&["", "é"], &[&[0xC3], &[0xA9]], &["", ""], true);
    }
}
