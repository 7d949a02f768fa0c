//! Standard encryption (MS-OFFCRYPTO 2.3.4.5 to 2.3.4.9), which Office 2007 used.

use super::cipher::{Hash, decrypt};
use super::{Encryption, damaged, not_known};
use pllm_core::Result;

/// A password is hashed so often (MS-OFFCRYPTO 2.3.4.7).
const SPINS: u32 = 50_000;
/// The flag of AES, and its algorithms.
const IS_AES: u32 = 0x20;
const AES_128: u32 = 0x660E;
const AES_192: u32 = 0x660F;
const AES_256: u32 = 0x6610;

/// What the document says of its encryption.
#[derive(Debug)]
pub(super) struct Standard {
    key_length: usize,
    salt: Vec<u8>,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
}

impl Standard {
    /// Reads the description behind its version: flags, a header with its length in front, a verifier.
    pub(super) fn read(info: &[u8]) -> Result<Self> {
        Self::parse(info)?.ok_or_else(damaged)
    }

    fn parse(info: &[u8]) -> Result<Option<Self>> {
        let Some((flags, header, verifier)) = split(info) else { return Ok(None) };
        let Some(algorithm) = number(header, 8) else { return Ok(None) };
        let key_length = match algorithm {
            AES_128 => 16,
            AES_192 => 24,
            AES_256 => 32,
            _ => 0,
        };
        if flags & IS_AES == 0 || key_length == 0 {
            return Err(not_known("not AES"));
        }
        let piece = |from: usize, length: usize| Some(verifier.get(from..from + length)?.to_vec());
        let read = || {
            let (salt, encrypted, hash) = (piece(4, 16)?, piece(20, 16)?, piece(40, 32)?);
            Some(Self { key_length, salt, verifier: encrypted, verifier_hash: hash })
        };
        Ok(read())
    }
}

/// The flags, the header and the verifier.
fn split(info: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let length = usize::try_from(number(info, 4)?).ok()?;
    let (header, verifier) = info.get(8..)?.split_at_checked(length)?;
    Some((number(info, 0)?, header, verifier))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|number| u32::from_le_bytes(*number))
}

impl Encryption for Standard {
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        let hash = Hash::Sha1.of_password(password, &self.salt, SPINS);
        let hash = Hash::Sha1.of(&[&hash, &0_u32.to_le_bytes()]);
        let mixed = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().zip(&hash).for_each(|(byte, other)| *byte ^= other);
            Hash::Sha1.of(&[&block])
        };
        let mut key = [mixed(0x36), mixed(0x5C)].concat();
        key.truncate(self.key_length);
        let (mut verifier, mut expected) = (self.verifier.clone(), self.verifier_hash.clone());
        decrypt(&key, None, &mut verifier)?;
        decrypt(&key, None, &mut expected)?;
        let found = Hash::Sha1.of(&[&verifier]);
        (expected.get(..found.len()) == Some(&found)).then_some(key)
    }

    fn decrypt(&self, key: &[u8], archive: &mut [u8]) -> Option<()> {
        decrypt(key, None, archive)
    }
}
