//! Where the service is that holds a data directory, and what proves that a caller may read its lock file.

use pllm_core::id::hex;
use pllm_core::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;

/// A service that holds a data directory and listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Where it listens, on loopback.
    pub address: SocketAddr,
    /// The version of its program: others do not know how to speak to it.
    pub version: String,
    /// Its process.
    pub process: u32,
    /// What its callers show.
    pub token: Token,
}

impl Service {
    /// This process, of the program's `version`, at `address`, with a new token.
    ///
    /// # Errors
    /// `Unavailable` when the system has no random bits.
    pub fn new(address: SocketAddr, version: &str) -> Result<Self> {
        Ok(Self {
            address,
            version: version.to_owned(),
            process: std::process::id(),
            token: Token::random()?,
        })
    }

    /// Whether a program of `version` may speak to it.
    ///
    /// # Errors
    /// `Conflict` naming both versions.
    pub fn check_version(&self, version: &str) -> Result<()> {
        if self.version == version {
            return Ok(());
        }
        let message = format!(
            "the data directory is in use by a service of version {} (process {}), and this program has version {version}",
            self.version, self.process
        );
        Err(Error::new(ErrorKind::Conflict, super::OPERATION, message)
            .hint("use the program that the service was started with, or end the service"))
    }
}

/// 256 random bits in hexadecimal. They stand in the lock file alone, which only its owner reads: never in a log or an error.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    fn random() -> Result<Self> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|error| {
            Error::new(ErrorKind::Unavailable, super::OPERATION, "the system has no random bits")
                .caused_by(error.to_string())
        })?;
        Ok(Self(hex(&bits)))
    }

    /// The token, for the one header that carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
