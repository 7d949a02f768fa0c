//! Where is the server, and what is it shown? The settings of a Chroma store.

use super::OPEN;
use pllm_core::{Error, Result};
use pllm_runtime::HttpConfig;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A Chroma server and the part of it that is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChromaConfig {
    /// The server's address, `http://host:port`; a path in front of Chroma's own is kept.
    pub url: String,
    /// The environment variable that holds what the server, or a proxy before it, is shown: `Name: value`, or a token, which
    /// becomes `Authorization: Bearer token`.
    #[serde(default)]
    pub auth_env: Option<String>,
    /// Certificates in PEM that are trusted besides the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Chroma's tenant. It has to be there.
    #[serde(default = "default_tenant")]
    pub tenant: String,
    /// Chroma's database. It has to be there.
    #[serde(default = "default_database")]
    pub database: String,
    /// What the names of our collections begin with. Two data directories that share a database need two of them.
    #[serde(default = "default_prefix")]
    pub prefix: String,
}

fn default_tenant() -> String {
    "default_tenant".to_owned()
}

fn default_database() -> String {
    "default_database".to_owned()
}

fn default_prefix() -> String {
    "pllm".to_owned()
}

impl ChromaConfig {
    /// The server at `url`, everything else as it is by default.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            auth_env: None,
            ca_file: None,
            tenant: default_tenant(),
            database: default_database(),
            prefix: default_prefix(),
        }
    }

    /// The address as errors show it.
    ///
    /// # Errors
    /// `InvalidInput` for what is no address, or holds a password.
    pub(super) fn address(&self) -> Result<&str> {
        let address = self.url.trim_end_matches('/');
        let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
        let fault = |message: &str, hint: &str| Err(Error::invalid(OPEN, message).hint(hint));
        match rest {
            None | Some("") => fault(
                "the address of the Chroma server is not usable",
                "write http://host:port or https://host",
            ),
            Some(rest) if rest.contains(['@', '?', '#']) => fault(
                "the address of the Chroma server holds more than host, port and path",
                "name the environment variable that holds the password as its auth-env",
            ),
            Some(_) => Ok(address),
        }
    }

    /// The header that the server is shown, read from the environment.
    ///
    /// # Errors
    /// `InvalidInput` when the variable is not there.
    pub(super) fn header(&self) -> Result<Option<(String, String)>> {
        let Some(variable) = &self.auth_env else { return Ok(None) };
        let value = std::env::var(variable).ok().filter(|value| !value.trim().is_empty());
        let value = value.ok_or_else(|| {
            Error::invalid(OPEN, format!("the environment variable {variable} is not set"))
                .hint("set it to what the Chroma server is to be shown, or configure no auth-env")
        })?;
        Ok(Some(header_of(value.trim())))
    }

    /// Names of collections may have these characters only, and at most 512 of them.
    pub(super) fn check_prefix(&self) -> Result<()> {
        let letter = |c: char| c.is_ascii_alphanumeric();
        let safe = self.prefix.chars().all(|c| letter(c) || matches!(c, '.' | '_' | '-'));
        if safe && self.prefix.starts_with(letter) && self.prefix.len() <= 64 {
            return Ok(());
        }
        let message =
            format!("the prefix {:?} is not usable, expected 1 to 64 of a-z A-Z 0-9 . _ -", self.prefix);
        Err(Error::invalid(OPEN, message))
    }

    /// How the client waits: a server that is away is told within a second.
    pub(super) fn http(&self) -> HttpConfig {
        HttpConfig {
            connect_timeout: Duration::from_secs(5),
            backoff: Duration::from_millis(100),
            ca_file: self.ca_file.clone(),
            proxies: !self.is_here(),
            ..HttpConfig::default()
        }
    }

    /// Whether the server is on this computer.
    fn is_here(&self) -> bool {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split('/').next().unwrap_or("");
        let host = host
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .map_or_else(|| host.rsplit_once(':').map_or(host, |(host, _)| host), |(inside, _)| inside);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// `Name: value`, or a token alone. A colon without a blank after it is part of a token.
fn header_of(text: &str) -> (String, String) {
    match text.split_once(": ") {
        Some((name, value)) => (name.trim().to_owned(), value.trim().to_owned()),
        None => ("Authorization".to_owned(), format!("Bearer {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_secrets_are_taken() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(ChromaConfig::new(url).address().ok(), expected, "{url}");
        };
        check("http://127.0.0.1:8000", Some("http://127.0.0.1:8000"));
        check("https://example.org/chroma/", Some("https://example.org/chroma"));
        for url in ["", "127.0.0.1:8000", "ftp://x", "http://", "http://a:b@host", "http://host?token=x"] {
            check(url, None);
        }
    }

    #[test]
    fn a_server_on_this_computer_is_asked_directly() {
        let check = |url: &str, here: bool| assert_eq!(ChromaConfig::new(url).is_here(), here, "{url}");
        check("http://127.0.0.1:8000", true);
        check("http://localhost:8000/x", true);
        check("http://[::1]:8000", true);
        check("http://localhost", true);
        check("http://10.0.0.1:8000", false);
        check("https://localhost.example.org", false);
    }

    #[test]
    fn a_key_is_a_header_or_a_token() {
        let check = |text: &str, name: &str, value: &str| {
            assert_eq!(header_of(text), (name.to_owned(), value.to_owned()));
        };
        check("abc", "Authorization", "Bearer abc");
        check("X-Chroma-Token: abc", "X-Chroma-Token", "abc");
        check("Authorization: Basic YTpi", "Authorization", "Basic YTpi");
        check("a:b", "Authorization", "Bearer a:b");
    }

    #[test]
    fn prefixes_that_make_no_name_are_refused() {
        for prefix in ["", ".a", "a b", "ä", &"x".repeat(65)] {
            let config = ChromaConfig { prefix: prefix.to_owned(), ..ChromaConfig::new("http://x") };
            assert!(config.check_prefix().is_err(), "{prefix:?}");
        }
        assert!(ChromaConfig::new("http://x").check_prefix().is_ok());
    }
}
