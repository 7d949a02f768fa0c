//! A loaded model and the one text it is at: a prompt is read in steps, then every step writes a token. What the model has read
//! stays known, so that the next prompt is read only from where it differs.

use crate::chance;
use crate::template::{self, Piece};
use crate::writing::{Certain, Writing};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;
use pllm_core::{Error, ErrorKind, Result};
use pllm_models::generators::local::wire::{Begin, End, Load, Reply, STEP_TOKENS};
use std::fmt::Display;
use std::num::NonZeroU32;
use std::path::Path;

const OPERATION: &str = "llama.engine";

/// A model with one context.
#[derive(Debug)]
pub(crate) struct Engine {
    model: &'static LlamaModel,
    context: LlamaContext<'static>,
    batch: LlamaBatch<'static>,
    template: String,
    /// What the context knows, from its beginning.
    known: Vec<LlamaToken>,
    answer: Option<Answer>,
}

/// An answer under way.
#[derive(Debug)]
struct Answer {
    /// What is still to be read: the rest of the prompt, or the last token that was written.
    unread: Vec<LlamaToken>,
    sampler: LlamaSampler,
    writing: Writing,
    /// Tokens that may yet be written.
    left: u32,
}

impl Engine {
    /// Loads a model for the rest of this process's life.
    pub(crate) fn load(file: &Path, load: Load) -> Result<Self> {
        let mut backend = LlamaBackend::init().map_err(failed("llama.cpp does not start"))?;
        // It would write about every model to standard error.
        backend.void_logs();
        let backend: &LlamaBackend = Box::leak(Box::new(backend));
        let parameters = LlamaModelParams::default().with_n_gpu_layers(0);
        let model = LlamaModel::load_from_file(backend, file, &parameters).map_err(|_| {
            let message = format!("llama.cpp cannot load {}", file.display());
            Error::new(ErrorKind::Corrupt, OPERATION, message)
                .hint("is the file whole, and of a kind that llama.cpp knows?")
        })?;
        let model: &'static LlamaModel = Box::leak(Box::new(model));
        let template = model.chat_template(None).ok().and_then(|template| template.to_string().ok());
        let template = template.ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, OPERATION, "the model has no chat template that reads")
        })?;
        let context = model
            .new_context(backend, context_parameters(load))
            .map_err(failed("no memory for the context"))?;
        let batch = LlamaBatch::new(STEP_TOKENS, 1);
        Ok(Self { model, context, batch, template, known: Vec::new(), answer: None })
    }

    /// The tokens of a text that somebody says.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.model.vocab().tokenize(text.as_bytes(), false, false).len()
    }

    /// Begins an answer: from here on [`Engine::step`] reads and writes.
    pub(crate) fn begin(&mut self, begin: Begin) -> Result<Reply> {
        self.answer = None;
        let prompt = self.prompt(&begin.messages)?;
        let most = self.context.n_ctx() as usize;
        if prompt.len() >= most {
            let message = format!(
                "the prompt has {} tokens, the local model takes {most} with the answer",
                prompt.len()
            );
            return Err(Error::new(ErrorKind::TooLarge, OPERATION, message).hint("ask with fewer passages"));
        }
        let cached = self.forget(&prompt)?;
        self.answer = Some(Answer {
            unread: prompt[cached..].to_vec(),
            sampler: chance::sampler(begin.temperature, begin.seed),
            writing: Writing::new(begin.stop),
            left: begin.max_tokens,
        });
        Ok(Reply::Begun { prompt_tokens: prompt.len() as u64, cached_tokens: cached as u64 })
    }

    /// Reads the next tokens of the prompt, or writes the next token of the answer.
    pub(crate) fn step(&mut self) -> Result<Reply> {
        let mut answer = self.answer.take().ok_or_else(|| {
            Error::new(ErrorKind::Internal, OPERATION, "no answer is under way, expected a prompt first")
        })?;
        let next: Vec<_> = answer.unread.drain(..answer.unread.len().min(STEP_TOKENS)).collect();
        let is_read = answer.unread.is_empty();
        self.read(&next, is_read)?;
        let stepped = if is_read { self.write(&mut answer)? } else { stepped(String::new(), 0, None) };
        if !matches!(stepped, Reply::Stepped { end: Some(_), .. }) {
            self.answer = Some(answer);
        }
        Ok(stepped)
    }

    /// The tokens of a chat. Only the template's own marks become control tokens.
    fn prompt(&self, messages: &[(String, String)]) -> Result<Vec<LlamaToken>> {
        let vocab = self.model.vocab();
        let marks = (mark(&vocab, vocab.bos()), mark(&vocab, vocab.eos()));
        let mut tokens = Vec::new();
        for piece in template::pieces(&self.template, (&marks.0, &marks.1), messages)? {
            let (text, is_own) = match &piece {
                Piece::Own(text) => (text.as_str(), true),
                Piece::Said(text) => (*text, false),
            };
            tokens.append(&mut vocab.tokenize(text.as_bytes(), false, is_own));
        }
        if vocab.should_add_bos() && tokens.first() != Some(&vocab.bos()) {
            tokens.insert(0, vocab.bos());
        }
        if tokens.is_empty() {
            return Err(Error::invalid(OPERATION, "the prompt is empty, expected some text"));
        }
        Ok(tokens)
    }

    /// Forgets what does not begin as `prompt` does; gives how much of it is known. At least its last token is read again: what
    /// comes after it is not kept.
    fn forget(&mut self, prompt: &[LlamaToken]) -> Result<usize> {
        let same = self.known.iter().zip(prompt).take_while(|(known, token)| known == token).count();
        let same = same.min(prompt.len() - 1);
        let from = u32::try_from(same).map_err(failed("the prompt is too long"))?;
        let removed = self.context.clear_kv_cache_seq(Some(0), Some(from), None);
        // Some kinds of models cannot forget a part of what they have read.
        if removed.map_err(failed("the context cannot be changed"))? {
            self.known.truncate(same);
        } else {
            self.context.clear_kv_cache();
            self.known.clear();
        }
        Ok(self.known.len())
    }

    fn read(&mut self, tokens: &[LlamaToken], wants_next: bool) -> Result<()> {
        self.batch.clear();
        for (n, token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.known.len() + n).map_err(failed("the prompt is too long"))?;
            let is_last = n + 1 == tokens.len();
            self.batch
                .add(*token, position, &[0], wants_next && is_last)
                .map_err(failed("a step has too many tokens"))?;
        }
        self.context.decode(&mut self.batch).map_err(failed("llama.cpp cannot read on"))?;
        self.known.extend_from_slice(tokens);
        Ok(())
    }

    fn write(&mut self, answer: &mut Answer) -> Result<Reply> {
        let token = answer.sampler.sample(&self.context, -1);
        let vocab = self.model.vocab();
        answer.left -= 1;
        if vocab.is_eog(token) {
            return Ok(stepped(answer.writing.finish(), 1, Some(End::Stop)));
        }
        let Certain { mut text, stopped } = answer.writing.push(&vocab.token_to_piece(token, false, None));
        let is_full = answer.left == 0 || self.known.len() + 1 >= self.context.n_ctx() as usize;
        let end = if stopped {
            Some(End::Stop)
        } else if is_full {
            text.push_str(&answer.writing.finish());
            Some(End::Length)
        } else {
            answer.unread.push(token);
            None
        };
        Ok(stepped(text, 1, end))
    }
}

fn context_parameters(load: Load) -> LlamaContextParams {
    let tokens = u32::try_from(load.context_tokens).unwrap_or(u32::MAX);
    let step = u32::try_from(STEP_TOKENS).unwrap_or(u32::MAX);
    let threads = i32::try_from(load.threads).unwrap_or(1);
    LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(tokens))
        .with_n_batch(step)
        .with_n_ubatch(step)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_no_perf(true)
}

fn stepped(text: String, tokens: u64, end: Option<End>) -> Reply {
    Reply::Stepped { text, tokens, end }
}

/// The text of a control token; empty where the model has none.
fn mark(vocab: &LlamaVocab<'_>, token: LlamaToken) -> String {
    if token.0 < 0 {
        return String::new();
    }
    vocab.text(token).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

fn failed<E: Display>(what: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::new(ErrorKind::Internal, OPERATION, format!("{what}: {error}"))
}
