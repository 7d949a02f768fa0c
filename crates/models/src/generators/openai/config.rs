//! Where an OpenAI-compatible server is, and how it is spoken to.

use super::dialect::Dialect;
use pllm_core::{Error, Result};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

const OPERATION: &str = "models.openai";

/// A key that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key; white space around it, as files end with, is not part of it.
    ///
    /// # Errors
    /// `InvalidInput` when it is empty or cannot stand in a header.
    pub fn new(key: &str) -> Result<Self> {
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid(OPERATION, "the key is empty or has signs that no header can hold"));
        }
        Ok(Self(key.to_owned()))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// One model of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAiConfig {
    /// The address under which `/chat/completions` is: `https://api.example.org/v1`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// The key, where one is needed.
    pub key: Option<ApiKey>,
    /// Whose way of the common language it is.
    pub dialect: Dialect,
    /// Tokens of prompt and answer together; none = what the dialect takes for granted.
    pub context_tokens: Option<usize>,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest silence of the server, before the first token and between two.
    pub idle_timeout: Duration,
}

/// A checked address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Without a slash at its end.
    pub(super) base: String,
    /// Host and port, as people write them.
    pub(super) host: String,
    /// Whether it is another machine.
    pub(super) remote: bool,
}

impl Address {
    /// # Errors
    /// `InvalidInput` for anything but http(s), for a name or password in the address, and where a key would go over the
    /// internet in the clear.
    pub(super) fn check(base_url: &str, key: Option<&ApiKey>) -> Result<Self> {
        let refused = |why: &str| {
            Err(Error::invalid(OPERATION, format!("base_url is not usable: {why}"))
                .hint("an address like https://api.example.org/v1 or http://127.0.0.1:11434/v1"))
        };
        let base = base_url.trim().trim_end_matches('/');
        let Some((scheme, rest)) = base.split_once("://") else { return refused("it has no scheme") };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !matches!(scheme, "http" | "https") || authority.is_empty() {
            return refused("it is neither http nor https");
        }
        if authority.contains('@') || rest.contains(['?', '#']) {
            return refused("it holds a name, a password or parameters");
        }
        let reach = Reach::of(host_of(authority));
        if scheme == "http" && reach == Reach::Internet && key.is_some() {
            return refused("a key would be sent in the clear, expected https");
        }
        Ok(Self { base: base.to_owned(), host: authority.to_owned(), remote: reach != Reach::Here })
    }
}

/// How far away a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Here,
    /// A private address, not a name: names can be moved.
    Nearby,
    Internet,
}

impl Reach {
    fn of(host: &str) -> Self {
        match host.parse::<IpAddr>() {
            _ if host == "localhost" => Self::Here,
            Ok(address) if address.is_loopback() => Self::Here,
            Ok(IpAddr::V4(address)) if address.is_private() => Self::Nearby,
            Ok(IpAddr::V6(address)) if address.is_unique_local() => Self::Nearby,
            _ => Self::Internet,
        }
    }
}

/// The host without its port; an IPv6 address without its brackets.
fn host_of(authority: &str) -> &str {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let check = |url: &str, remote: bool| {
            let address = Address::check(url, None).expect(url);
            assert_eq!((address.remote, address.base.ends_with('/')), (remote, false), "{url}");
        };
        check("http://127.0.0.1:11434/v1/", false);
        check("http://localhost:8080/v1", false);
        check("http://[::1]:8080/v1", false);
        check("http://192.168.1.5:8000/v1", true);
        check("https://localhost.example.org/v1", true);
        check("https://127.0.0.1.example.org/v1", true);
    }

    #[test]
    fn a_key_does_not_travel_in_the_clear_and_is_not_shown() {
        let key = ApiKey::new(" sk-secret\n").expect("a key");
        assert_eq!(format!("{key:?}"), "ApiKey(…)");
        let check = |url: &str| Address::check(url, Some(&key)).is_ok();
        assert!(
            check("https://api.example.org/v1")
                && check("http://10.0.0.2/v1")
                && check("http://localhost/v1")
        );
        assert!(!check("http://api.example.org/v1"));
        for url in ["", "ftp://x/v1", "https://", "https://me:pw@x/v1", "https://x/v1?key=a", "x/v1"] {
            assert!(Address::check(url, None).is_err(), "{url}");
        }
        assert!(ApiKey::new("a\nb").is_err() && ApiKey::new("  ").is_err());
    }
}
