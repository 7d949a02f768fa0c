//! Prompt templates: Jinja with two blocks, `system` and `user`, into which document text comes last.
//!
//! While a template runs, the text of a passage is a mark. So a template cannot change it, text of a document cannot act as a
//! template, and the prompt can be kept with document text by reference.

mod defuse;
#[cfg(test)]
mod tests;

use minijinja::{AutoEscape, Environment, ErrorKind as JinjaKind, UndefinedBehavior, context};
use pllm_core::{Error, Message, Passage, Result, Role, Segment};
use std::fmt;
use std::sync::Arc;

pub(crate) use defuse::defused;

/// The shipped template.
pub const SHIPPED_TEMPLATE: &str = include_str!("../../../prompts/answer.jinja");

/// Around the index of a passage: private characters, taken out of everything that a template sees.
const MARK: [char; 2] = ['\u{F0000}', '\u{F0001}'];
/// Steps that a template may take: loops over all passages, and nothing endless.
const FUEL: u64 = 200_000;
/// Most characters of a template.
const MOST_CHARACTERS: usize = 20_000;
/// Most characters of a passage's label.
const MOST_LABEL: usize = 160;

/// A checked template. Cheap to clone.
#[derive(Clone)]
pub struct PromptTemplate(Arc<Environment<'static>>);

impl fmt::Debug for PromptTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PromptTemplate")
    }
}

impl PromptTemplate {
    /// Reads a template and tries it on two passages.
    ///
    /// # Errors
    /// `InvalidInput` with the line when it does not parse or run, has no block `user`, leaves out a passage or the question, is
    /// longer than 20,000 characters, or does not end.
    pub fn parse(text: &str) -> Result<Self> {
        let length = text.chars().count();
        if length > MOST_CHARACTERS {
            return Err(refused(&format!("it has {length} characters, expected at most {MOST_CHARACTERS}")));
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_fuel(Some(FUEL));
        environment.add_template_owned("prompt", text.to_owned()).map_err(|error| failed(&error))?;
        let template = Self(Arc::new(environment));
        template.try_out()?;
        Ok(template)
    }

    fn try_out(&self) -> Result<()> {
        const QUESTION: &str = "is-the-question-there";
        let segments = self.render(QUESTION, &["a.md".to_owned(), "b.md".to_owned()])?;
        for index in 0..2 {
            let times = segments.iter().filter(|segment| **segment == Segment::Passage(index)).count();
            if times != 1 {
                let message = format!("passage {} stands in it {times} times, expected once", index + 1);
                return Err(refused(&message));
            }
        }
        let asks = |segment: &Segment| matches!(segment, Segment::Literal(text) if text.to_lowercase().contains(QUESTION));
        if segments.iter().any(asks) { Ok(()) } else { Err(refused("the question does not stand in it")) }
    }

    /// The messages for a question and passages of these labels, in pieces.
    ///
    /// # Errors
    /// `InvalidInput` when the template does not run.
    pub fn render(&self, question: &str, labels: &[String]) -> Result<Vec<Segment>> {
        let passages = labels.iter().enumerate().map(|(index, label)| {
            let text = format!("{}{index}{}", MARK[0], MARK[1]);
            context! { number => index + 1, label => clean_label(label), text }
        });
        let passages: Vec<_> = passages.collect();
        let values = context! { question => defused(&without_marks(question)), passages };
        let template = self.0.get_template("prompt").map_err(|error| failed(&error))?;
        let mut rendered = template.render_captured(values).map_err(|error| failed(&error))?;
        let mut segments = Vec::new();
        for role in [Role::System, Role::User] {
            match rendered.with_state_mut(|state| state.render_block(role.name())) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    segments.push(Segment::Message(role.name()));
                    pieces(text.trim(), &mut segments);
                }
                Err(error) if error.kind() == JinjaKind::UnknownBlock && role == Role::System => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        if segments.contains(&Segment::Message(Role::User.name())) {
            return Ok(segments);
        }
        Err(refused("its block `user` is empty, expected the question and the passages"))
    }
}

/// The messages that segments are, with the passages' text. What a chat's control tokens and our tags look like is defused.
#[must_use]
pub fn messages(segments: &[Segment], passages: &[Passage]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for segment in segments {
        let text = match segment {
            Segment::Message(name) => {
                let role = if *name == Role::System.name() { Role::System } else { Role::User };
                messages.push(Message { role, content: String::new() });
                continue;
            }
            Segment::Literal(text) => text.clone(),
            Segment::Passage(index) => {
                passages.get(*index).map(|passage| defused(passage.text())).unwrap_or_default()
            }
        };
        if let Some(message) = messages.last_mut() {
            message.content.push_str(&text);
        }
    }
    messages
}

/// Cuts rendered text at the marks.
fn pieces(text: &str, segments: &mut Vec<Segment>) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK[0]) {
        let Some((index, tail)) = after.split_once(MARK[1]) else { break };
        literal(before, segments);
        segments.extend(index.parse().ok().map(Segment::Passage));
        rest = tail;
    }
    literal(rest, segments);
}

fn literal(text: &str, segments: &mut Vec<Segment>) {
    if !text.is_empty() {
        segments.push(Segment::Literal(without_marks(text)));
    }
}

fn without_marks(text: &str) -> String {
    text.replace(MARK, "")
}

/// A file's name may be anything; in a prompt it is one short line without quotes.
fn clean_label(label: &str) -> String {
    let one_line = label.chars().map(|c| if c.is_control() || c == '"' { ' ' } else { c });
    defused(&without_marks(&one_line.take(MOST_LABEL).collect::<String>()))
}

fn failed(error: &minijinja::Error) -> Error {
    let line = error.line().map(|line| format!("line {line}: ")).unwrap_or_default();
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    refused(&format!("{line}{}{detail}", error.kind()))
}

fn refused(message: &str) -> Error {
    Error::invalid("pipeline.prompt", format!("the prompt template is not usable: {message}"))
        .hint("`pllm pipeline show prompt` prints the shipped template with its variables")
}
