//! Server-sent events out of the pieces of a body (the WHATWG HTML standard, section 9.2, without reconnection).

use pllm_core::{Error, ErrorKind, Result};

/// Most bytes of an event: its data so far and the line that is coming.
const MOST_BYTES: usize = 4 << 20;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// Its name; `message` where the server names none.
    pub name: String,
    /// Its data, lines joined by `\n`.
    pub data: String,
}

/// Puts events together. Pieces may be cut anywhere, inside of a character too.
#[derive(Debug, Default)]
pub struct SseDecoder {
    line: Vec<u8>,
    /// The last byte was a carriage return, so a line feed now belongs to it.
    after_return: bool,
    /// The first line may begin with a byte order mark.
    begun: bool,
    name: String,
    data: Vec<String>,
    bytes: usize,
}

impl SseDecoder {
    /// The events that end in this piece.
    ///
    /// # Errors
    /// `TooLarge` for an event of more than 4 MiB.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<SseEvent>> {
        let mut events = Vec::new();
        for byte in piece {
            let belongs = std::mem::take(&mut self.after_return) && *byte == b'\n';
            match byte {
                _ if belongs => {}
                b'\r' | b'\n' => {
                    self.after_return = *byte == b'\r';
                    events.extend(self.end_line());
                }
                _ => self.line.push(*byte),
            }
            if self.line.len() + self.bytes > MOST_BYTES {
                let message = format!("an event of the server has more than {MOST_BYTES} bytes");
                return Err(Error::new(ErrorKind::TooLarge, "runtime.sse", message));
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Option<SseEvent> {
        let line = std::mem::take(&mut self.line);
        let mut line = String::from_utf8_lossy(&line).into_owned();
        if !std::mem::replace(&mut self.begun, true) && line.starts_with('\u{FEFF}') {
            line.remove(0);
        }
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.bytes += value.len() + 1;
                self.data.push(value.to_owned());
            }
            "event" => value.clone_into(&mut self.name),
            // Comments, ids and reconnection times.
            _ => {}
        }
        None
    }

    /// An event without data is none.
    fn end_event(&mut self) -> Option<SseEvent> {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        self.bytes = 0;
        let name = if name.is_empty() { "message".to_owned() } else { name };
        (!data.is_empty()).then(|| SseEvent { name, data: data.join("\n") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<(String, String)> {
        let mut decoder = SseDecoder::default();
        let events = pieces.into_iter().flat_map(|piece| decoder.push(piece).expect("small"));
        events.map(|event| (event.name, event.data)).collect()
    }

    #[test]
    fn fields_are_read_as_the_standard_says() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let expected: Vec<_> = expected.iter().map(|(n, d)| ((*n).to_owned(), (*d).to_owned())).collect();
            assert_eq!(decode([text.as_bytes()]), expected, "{text:?}");
        };
        check("data: a\n\n", &[("message", "a")]);
        check("\u{FEFF}data:a\r\n\r\n", &[("message", "a")]);
        check("event: x\rdata: a\rdata:  b\r\r", &[("x", "a\n b")]);
        check(": keep-alive\n\nevent: x\n\ndata: [DONE]\n\n", &[("message", "[DONE]")]);
        check("id: 1\nretry: 5\ndata\n\n", &[("message", "")]);
        check("data: never ended", &[]);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = SseDecoder::default();
        let line = [b"data: ".as_slice(), &vec![b'x'; 1 << 20], b"\n"].concat();
        let outcome: Result<Vec<_>> = (0..5).map(|_| decoder.push(&line)).collect();
        assert_eq!(outcome.expect_err("refused").kind(), ErrorKind::TooLarge);
    }

    proptest! {
        #[test]
        fn pieces_may_be_cut_anywhere(data in "[ -~é漢]{0,20}", cuts in prop::collection::vec(0usize..80, 0..6)) {
            let text = format!("event: e\r\ndata: {data}\r\n\r\ndata: next\n\n");
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|w| &text.as_bytes()[w[0]..w[1]]).collect();
            prop_assert_eq!(decode(pieces), decode([text.as_bytes()]));
        }
    }
}
