//! Office documents that are protected by a password (MS-OFFCRYPTO): a compound file with the encrypted archive inside.

mod agile;
mod cipher;
mod standard;

use cfb::CompoundFile;
use pllm_core::converter::Passwords;
use pllm_core::{Error, ErrorKind, Result};
use std::io::{Cursor, Read};

/// What a document says of its encryption is short: it is read up to so many bytes.
const MOST_INFO: u64 = 1 << 20;
/// A password is hashed so often at most (MS-OFFCRYPTO 2.3.4.10).
const MOST_SPINS: u32 = 10_000_000;

/// How an archive is encrypted.
trait Encryption {
    /// The key, if `password` is the right one.
    fn key(&self, password: &str) -> Option<Vec<u8>>;

    /// Decrypts the archive, without the length in front of it; `None` when key or content do not fit.
    fn decrypt(&self, key: &[u8], archive: &mut [u8]) -> Option<()>;
}

/// Whether `bytes` is a compound file, as protected documents are.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// The archive in a protected document, opened with the first of `passwords` that fits.
///
/// # Errors
/// `Denied` when none does, `InvalidInput` when the file is damaged, `Unsupported` when it is encrypted in another way than by
/// a password and AES.
pub(crate) fn open(bytes: &[u8], passwords: &Passwords) -> Result<Vec<u8>> {
    let info = stream(bytes, "EncryptionInfo", MOST_INFO)?;
    let encryption = encryption(&info)?;
    let Some(key) = passwords.0.iter().find_map(|password| encryption.key(password)) else {
        let message = match passwords.0.is_empty() {
            true => "the file is protected by a password",
            false => "none of the passwords given opens the file",
        };
        return Err(Error::new(ErrorKind::Denied, OPERATION, message).hint("give it with --password"));
    };
    let mut archive = stream(bytes, "EncryptedPackage", bytes.len() as u64)?;
    let length = archive.first_chunk().map(|length| u64::from_le_bytes(*length)).ok_or_else(damaged)?;
    archive.drain(..8);
    // Blocks are whole: what is beyond the last one is no content.
    archive.truncate(archive.len() / cipher::BLOCK * cipher::BLOCK);
    encryption.decrypt(&key, &mut archive).ok_or_else(damaged)?;
    archive.truncate(usize::try_from(length).unwrap_or(usize::MAX));
    Ok(archive)
}

fn encryption(info: &[u8]) -> Result<Box<dyn Encryption>> {
    let version = info.first_chunk().map(|[major, _, minor, _]: &[u8; 4]| (*major, *minor));
    match version.ok_or_else(damaged)? {
        (4, 4) => Ok(Box::new(agile::Agile::read(&info[8.min(info.len())..])?)),
        (2..=4, 2) => Ok(Box::new(standard::Standard::read(&info[4..])?)),
        (major, minor) => Err(not_known(&format!("version {major}.{minor}"))),
    }
}

fn stream(bytes: &[u8], name: &str, limit: u64) -> Result<Vec<u8>> {
    let unreadable = |_| damaged();
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(unreadable)?;
    let mut content = Vec::new();
    file.open_stream(name).map_err(unreadable)?.take(limit).read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}

fn damaged() -> Error {
    Error::invalid(OPERATION, "the protected file is damaged: what is encrypted cannot be read")
}

fn not_known(what: &str) -> Error {
    let message = format!("the file is encrypted in a way that is not read: {what}");
    Error::new(ErrorKind::Unsupported, OPERATION, message)
}

const OPERATION: &str = "ingest.encrypted";
