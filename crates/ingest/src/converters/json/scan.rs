//! The pieces of a list or an object, found without parsing what is inside them. The text must be valid JSON.

/// The items of a list, or the `"key": value` pairs of an object.
pub(super) fn items(json: &str) -> impl Iterator<Item = &str> {
    let inside = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    Outermost { rest: inside.trim() }
}

/// The fields of an object: the key with its quotation marks, and the value. Nothing if it is no object.
pub(super) fn fields(json: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = if json.starts_with('{') { json } else { "" };
    items(pairs).filter_map(|pair| {
        let colon = outside_strings(pair).find(|(_, byte)| *byte == b':')?.0;
        Some((pair[..colon].trim(), pair[colon + 1..].trim()))
    })
}

/// How many values there are at most.
pub(super) fn values(json: &str) -> usize {
    1 + outside_strings(json).filter(|(_, byte)| matches!(byte, b',' | b'[' | b'{')).count()
}

/// What stands between the commas that are inside of nothing.
struct Outermost<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Outermost<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let mut depth = 0_usize;
        let comma = outside_strings(self.rest).find(|(_, byte)| {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            *byte == b',' && depth == 0
        });
        let (item, rest) = match comma {
            Some((at, _)) => (&self.rest[..at], &self.rest[at + 1..]),
            None => (self.rest, ""),
        };
        self.rest = rest;
        Some(item.trim())
    }
}

/// The bytes that are not in a string, with their positions.
fn outside_strings(json: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut escaped) = (false, false);
    json.bytes().enumerate().filter(move |(_, byte)| {
        let inside = in_string;
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            _ => {}
        }
        !inside && !in_string
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_come_apart() {
        let list = |json: &'static str| items(json).collect::<Vec<_>>();
        assert_eq!(
            list(r#"[1, "a,]\",b" , {"x": [1, 2]}, [] ]"#),
            ["1", r#""a,]\",b""#, r#"{"x": [1, 2]}"#, "[]"]
        );
        assert!(list("[ ]").is_empty());
        let object = fields(r#"{"a:b": {"c": 1}, "d" : "e:f"}"#).collect::<Vec<_>>();
        assert_eq!(object, [(r#""a:b""#, r#"{"c": 1}"#), (r#""d""#, r#""e:f""#)]);
        assert_eq!(fields("[1]").count() + fields("1").count(), 0);
        assert_eq!(values(r#"[1, {"a,b": [2, 3]}]"#), 6);
    }
}
