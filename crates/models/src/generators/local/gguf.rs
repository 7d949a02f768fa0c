//! What a GGUF file says of itself, without its weights: read by us, in this process, with limits, before llama.cpp sees it.
//!
//! The format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3, little endian.

use pllm_core::{Error, ErrorKind, Result};
use pllm_runtime::files;
use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// A longer header is none: that of a vocabulary of 256,000 words has some 20 MB.
const MAX_HEADER_BYTES: u64 = 256 << 20;
/// A longer key or name of a tensor is none.
const MAX_NAME_BYTES: u64 = 1 << 16;

/// What we want to know of a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GgufHeader {
    /// The model's name, as its makers wrote it.
    pub name: Option<String>,
    /// The family: `llama`, `qwen2`, …
    pub architecture: String,
    /// Tokens that it was made for.
    pub context_tokens: usize,
    /// Numbers that were trained.
    pub parameters: u64,
    /// Whether it says how a chat is written down.
    pub has_chat_template: bool,
    /// The file's length, bytes: what its weights take, and its vocabulary.
    pub file_bytes: u64,
    /// What keys and values of one token take, bytes, at two bytes a number.
    pub token_bytes: u64,
}

impl GgufHeader {
    /// Reads the header of a file.
    ///
    /// # Errors
    /// `NotFound` without the file, `Unavailable` when it cannot be read, `Corrupt` when it is no GGUF or damaged.
    pub fn read(path: &Path) -> Result<Self> {
        let file = files::open(path)?;
        let file_bytes = file.metadata().map_err(|error| files::failed("read", path, error))?.len();
        let mut reader = Header { input: BufReader::new(file).take(MAX_HEADER_BYTES) };
        reader.header(file_bytes).map_err(|error| {
            let message = format!("{} is no whole GGUF file: {error}", path.display());
            Error::new(ErrorKind::Corrupt, "models.gguf", message)
        })
    }

    /// What the loaded model takes, bytes: its weights, and keys and values of `context_tokens`.
    #[must_use]
    pub fn memory_bytes(&self, context_tokens: usize) -> u64 {
        self.file_bytes.saturating_add(self.token_bytes.saturating_mul(context_tokens as u64))
    }
}

/// A value that we may want; of a list, its largest number.
enum Value {
    Text(String),
    Number(u64),
    Other,
}

struct Header<R> {
    input: R,
}

impl<R: Read> Header<R> {
    fn header(&mut self, file_bytes: u64) -> io::Result<GgufHeader> {
        if self.bytes()? != *b"GGUF" {
            return Err(fault("it does not begin with GGUF"));
        }
        let version = self.u32()?;
        if !(2..=3).contains(&version) {
            return Err(fault(&format!("its version is {version}, expected 2 or 3")));
        }
        let (tensors, entries) = (self.u64()?, self.u64()?);
        let mut values = HashMap::new();
        for _ in 0..entries {
            let key = self.name()?;
            let kind = self.u32()?;
            values.insert(key, self.value(kind)?);
        }
        let mut parameters = 0_u64;
        for _ in 0..tensors {
            parameters = parameters.saturating_add(self.tensor()?);
        }
        Facts(values).header(parameters, file_bytes)
    }

    /// The numbers of a tensor.
    fn tensor(&mut self) -> io::Result<u64> {
        self.name()?;
        let dimensions = self.u32()?;
        if dimensions > 8 {
            return Err(fault("a tensor has too many dimensions"));
        }
        let mut numbers = 1_u64;
        for _ in 0..dimensions {
            numbers = numbers.saturating_mul(self.u64()?);
        }
        // Its type and where it lies.
        self.skip(4 + 8)?;
        Ok(numbers)
    }

    fn value(&mut self, kind: u32) -> io::Result<Value> {
        match kind {
            8 => self.text().map(Value::Text),
            9 => {
                let (kind, length) = (self.u32()?, self.u64()?);
                self.list(kind, length)
            }
            _ => self.number(kind),
        }
    }

    fn list(&mut self, kind: u32, length: u64) -> io::Result<Value> {
        let mut largest = Value::Other;
        for _ in 0..length {
            match kind {
                8 => {
                    let bytes = self.u64()?;
                    self.skip(bytes)?;
                }
                _ => {
                    if let (Value::Number(number), known) = (self.number(kind)?, &mut largest)
                        && !matches!(known, Value::Number(known) if *known >= number)
                    {
                        *known = Value::Number(number);
                    }
                }
            }
        }
        Ok(largest)
    }

    /// A number; one that is not whole, or negative, is nothing that we want.
    fn number(&mut self, kind: u32) -> io::Result<Value> {
        Ok(match kind {
            0 => Value::Number(self.bytes::<1>()?[0].into()),
            2 => Value::Number(u16::from_le_bytes(self.bytes()?).into()),
            4 => Value::Number(self.u32()?.into()),
            5 => u64::try_from(i32::from_le_bytes(self.bytes()?)).map_or(Value::Other, Value::Number),
            10 => Value::Number(self.u64()?),
            11 => u64::try_from(i64::from_le_bytes(self.bytes()?)).map_or(Value::Other, Value::Number),
            1 | 7 => self.skip(1).map(|()| Value::Other)?,
            3 => self.skip(2).map(|()| Value::Other)?,
            6 => self.skip(4).map(|()| Value::Other)?,
            12 => self.skip(8).map(|()| Value::Other)?,
            _ => return Err(fault(&format!("a value has the unknown type {kind}"))),
        })
    }

    fn name(&mut self) -> io::Result<String> {
        let length = self.u64()?;
        if length > MAX_NAME_BYTES {
            return Err(fault("a name is too long"));
        }
        self.text_of(length)
    }

    fn text(&mut self) -> io::Result<String> {
        let length = self.u64()?;
        self.text_of(length)
    }

    fn text_of(&mut self, length: u64) -> io::Result<String> {
        let mut bytes = Vec::new();
        // Grows with what is there, not with what is promised.
        let read = (&mut self.input).take(length).read_to_end(&mut bytes)?;
        if read as u64 != length {
            return Err(fault("it ends early"));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.input).take(bytes), &mut io::sink())?;
        if skipped == bytes { Ok(()) } else { Err(fault("it ends early")) }
    }

    fn u32(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => fault("it ends early"),
            _ => error,
        })?;
        Ok(bytes)
    }
}

/// The values of a header by their keys.
struct Facts(HashMap<String, Value>);

impl Facts {
    fn header(mut self, parameters: u64, file_bytes: u64) -> io::Result<GgufHeader> {
        let architecture =
            self.text("general.architecture").ok_or_else(|| fault("it does not say its architecture"))?;
        let of = |key: &str| self.number(&format!("{architecture}.{key}"));
        let context = of("context_length").ok_or_else(|| fault("it does not say its context length"))?;
        let heads = of("attention.head_count").unwrap_or(0);
        let head = of("embedding_length").unwrap_or(0).checked_div(heads).unwrap_or(0);
        let key = of("attention.key_length").unwrap_or(head);
        let value = of("attention.value_length").unwrap_or(head);
        let token_bytes = [of("block_count").unwrap_or(0), of("attention.head_count_kv").unwrap_or(heads), 2]
            .into_iter()
            .fold(key.saturating_add(value), u64::saturating_mul);
        let has_chat_template = self.0.contains_key("tokenizer.chat_template");
        Ok(GgufHeader {
            name: self.text("general.name"),
            architecture,
            context_tokens: usize::try_from(context).unwrap_or(usize::MAX),
            parameters,
            has_chat_template,
            file_bytes,
            token_bytes,
        })
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.0.remove(key)? {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Other => None,
        }
    }

    fn number(&self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Value::Number(number) => Some(*number),
            Value::Text(_) | Value::Other => None,
        }
    }
}

fn fault(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests;
