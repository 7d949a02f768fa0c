//! Where servers that speak OpenAI's language differ: data, and nothing else.

/// A way of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// OpenAI itself.
    OpenAi,
    /// Ollama under its `/v1`.
    Ollama,
    /// The server of llama.cpp.
    LlamaCpp,
    /// Everybody else: only what all of them know.
    #[default]
    Compatible,
}

/// What is different.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// The name of the limit on the answer. OpenAI's newer models refuse the old one, others do not know the new one
    /// (OpenAI API reference, "Create chat completion").
    pub(super) max_tokens: &'static str,
    /// Whether `stream_options` may be sent, so that the usage comes.
    pub(super) usage: bool,
    /// Whether `cache_prompt` may be sent (llama.cpp, tools/server/README).
    pub(super) cache_prompt: bool,
    /// The path, beside the base address, that counts tokens.
    pub(super) tokenize: Option<&'static str>,
    /// The window where nobody says. Ollama cuts a longer prompt without a word, so its own default is taken.
    pub(super) context_tokens: usize,
}

impl Dialect {
    /// Every one, with the name that people write.
    pub const ALL: [(&'static str, Self); 4] = [
        ("openai", Self::OpenAi),
        ("ollama", Self::Ollama),
        ("llama.cpp", Self::LlamaCpp),
        ("compatible", Self::Compatible),
    ];

    pub(super) fn facts(self) -> Facts {
        let plain = Facts {
            max_tokens: "max_tokens",
            usage: true,
            cache_prompt: false,
            tokenize: None,
            context_tokens: 8192,
        };
        match self {
            Self::OpenAi => Facts { max_tokens: "max_completion_tokens", context_tokens: 128_000, ..plain },
            Self::Ollama => Facts { context_tokens: 4096, ..plain },
            Self::LlamaCpp => {
                Facts { cache_prompt: true, tokenize: Some("/tokenize"), context_tokens: 4096, ..plain }
            }
            Self::Compatible => Facts { usage: false, ..plain },
        }
    }
}
