//! AES of one block after the other, and the hashes that keys are made with.

use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Bytes of a block.
pub(super) const BLOCK: usize = 16;

/// A hash, by the name that documents call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "SHA1" | "SHA-1" => Some(Self::Sha1),
            "SHA256" | "SHA-256" => Some(Self::Sha256),
            "SHA384" | "SHA-384" => Some(Self::Sha384),
            "SHA512" | "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The hash of the pieces, one after the other.
    pub(super) fn of(self, pieces: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha1 => digest::<Sha1>(pieces),
            Self::Sha256 => digest::<Sha256>(pieces),
            Self::Sha384 => digest::<Sha384>(pieces),
            Self::Sha512 => digest::<Sha512>(pieces),
        }
    }

    /// The hash of a password: with `salt`, then `spins` times with a counter (MS-OFFCRYPTO 2.3.4.7, 2.3.4.11).
    pub(super) fn of_password(self, password: &str, salt: &[u8], spins: u32) -> Vec<u8> {
        let letters: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let first = self.of(&[salt, &letters]);
        (0..spins).fold(first, |hash, spin| self.of(&[&spin.to_le_bytes(), &hash]))
    }
}

fn digest<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    pieces.iter().for_each(|piece| digest.update(piece));
    digest.finalize().to_vec()
}

/// Decrypts whole blocks: chained from `start` on, or each alone without one. `None` when the key is no key of AES or a block
/// is not whole.
pub(super) fn decrypt(key: &[u8], start: Option<&[u8]>, content: &mut [u8]) -> Option<()> {
    match key.len() {
        16 => decrypt_with(&Aes128::new_from_slice(key).ok()?, start, content),
        24 => decrypt_with(&Aes192::new_from_slice(key).ok()?, start, content),
        32 => decrypt_with(&Aes256::new_from_slice(key).ok()?, start, content),
        _ => None,
    }
}

fn decrypt_with<C: BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>>(
    cipher: &C,
    start: Option<&[u8]>,
    content: &mut [u8],
) -> Option<()> {
    let mut before: [u8; BLOCK] = start.unwrap_or(&[0; BLOCK]).try_into().ok()?;
    let (blocks, rest) = content.as_chunks_mut::<BLOCK>();
    for block in blocks {
        let encrypted = *block;
        let mut plain = Array::from(encrypted);
        cipher.decrypt_block(&mut plain);
        *block = plain.into();
        if start.is_some() {
            block.iter_mut().zip(before).for_each(|(byte, other)| *byte ^= other);
            before = encrypted;
        }
    }
    rest.is_empty().then_some(())
}

/// `bytes` cut to `length`, or made so long with the byte 0x36 (MS-OFFCRYPTO 2.3.4.11).
pub(super) fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}
