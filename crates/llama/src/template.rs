//! How a model wants a chat written down: by the Jinja template of its file. What people and documents say never becomes part of
//! the template's own marks: it is put in place after the template has run, and told apart from it until it is tokens.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, ErrorKind as JinjaErrorKind, context};
use pllm_core::{Error, ErrorKind, Result};

const OPERATION: &str = "llama.template";

/// A template is a loop over messages; one that takes more steps than this is none.
const FUEL: u64 = 1_000_000;

/// A piece of a prompt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// The template's own: marks in it are control tokens.
    Own(String),
    /// What somebody says: text, whatever it looks like.
    Said(&'a str),
}

/// Writes a chat of (role, content) down, to the place where the assistant's answer begins. `marks` are the texts of the tokens
/// that begin and end a text.
///
/// # Errors
/// `Unsupported` when the template does not run here, `InvalidInput` when it refuses this chat.
pub(crate) fn pieces<'a>(
    template: &str,
    marks: (&str, &str),
    messages: &'a [(String, String)],
) -> Result<Vec<Piece<'a>>> {
    let rendered = rendered(template, marks, messages)?;
    let mut pieces = Vec::new();
    let mut rest = rendered.as_str();
    while let Some((own, after)) = rest.split_once(OPEN) {
        let (number, after) = after.split_once(CLOSE).ok_or_else(|| unsupported("it cuts what is said"))?;
        let said = number.parse().ok().and_then(|number: usize| messages.get(number));
        let (_, said) = said.ok_or_else(|| unsupported("it changes what is said"))?;
        pieces.push(Piece::Own(own.to_owned()));
        pieces.push(Piece::Said(said));
        rest = after;
    }
    pieces.push(Piece::Own(rest.to_owned()));
    pieces.retain(|piece| !matches!(piece, Piece::Own(text) if text.is_empty()));
    Ok(pieces)
}

/// What stands for a content while the template runs: its number between two characters that no text has (Unicode, section 23.7,
/// noncharacters). Contents themselves never pass through the template, so none can hold them.
const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';

fn rendered(template: &str, (begin, end): (&str, &str), messages: &[(String, String)]) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    // As the library that templates are written for sets it up (transformers, `apply_chat_template`).
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| unsupported(&error.to_string()))?);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function("raise_exception", |message: String| -> Result<Value, minijinja::Error> {
        Err(minijinja::Error::new(JinjaErrorKind::InvalidOperation, message))
    });
    let messages: Vec<Value> = messages
        .iter()
        .enumerate()
        .map(|(n, (role, _))| context! { role => role, content => format!("{OPEN}{n}{CLOSE}") })
        .collect();
    environment
        .template_from_str(template)
        .map_err(|error| unsupported(&error.to_string()))?
        .render(context! {
            messages => messages,
            add_generation_prompt => true,
            bos_token => begin,
            eos_token => end,
        })
        .map_err(|error| match error.kind() {
            JinjaErrorKind::InvalidOperation => {
                let why = error.detail().unwrap_or("it says no more").to_owned();
                Error::new(
                    ErrorKind::InvalidInput,
                    OPERATION,
                    format!("the model's chat template refuses these messages: {why}"),
                )
            }
            _ => unsupported(&error.to_string()),
        })
}

fn unsupported(why: &str) -> Error {
    Error::new(ErrorKind::Unsupported, OPERATION, format!("the model's chat template cannot be used: {why}"))
}

#[cfg(test)]
mod tests;
