//! Agile encryption (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15), which Office has used since 2010.

use super::cipher::{BLOCK, Hash, decrypt, fitted};
use super::{Encryption, MOST_SPINS, damaged, not_known};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pllm_core::Result;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Bytes that are chained; each such segment begins anew.
const SEGMENT: usize = 4096;

/// What is mixed with the hash of a password for its three uses.
const FOR_VERIFIER_INPUT: &[u8] = b"\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79";
const FOR_VERIFIER_VALUE: &[u8] = b"\xd7\xaa\x0f\x6d\x30\x61\x34\x4e";
const FOR_KEY: &[u8] = b"\x14\x6e\x0b\xe7\xab\xac\xd0\xd6";

/// What the document says of its encryption.
#[derive(Debug)]
pub(super) struct Agile {
    content: Parameters,
    password: Parameters,
    spins: u32,
    verifier_input: Vec<u8>,
    verifier_value: Vec<u8>,
    key: Vec<u8>,
}

#[derive(Debug)]
struct Parameters {
    salt: Vec<u8>,
    hash: Hash,
    /// Bytes of the key.
    key_length: usize,
}

impl Agile {
    /// Reads the description, which is markup.
    pub(super) fn read(info: &[u8]) -> Result<Self> {
        let text = String::from_utf8_lossy(info);
        let (mut reader, mut content, mut password) = (Reader::from_str(&text), None, None);
        loop {
            match reader.read_event().map_err(|_| damaged())? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                    "keyData" => content = Some(element.to_owned()),
                    "encryptedKey" => password = Some(element.to_owned()),
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        let password = password.ok_or_else(|| not_known("by a certificate, not a password"))?;
        let content = content.ok_or_else(damaged)?;
        Ok(Self {
            spins: number(&password, "spinCount").filter(|spins| *spins <= MOST_SPINS).ok_or_else(damaged)?,
            verifier_input: blocks(&password, "encryptedVerifierHashInput")?,
            verifier_value: blocks(&password, "encryptedVerifierHashValue")?,
            key: blocks(&password, "encryptedKeyValue")?,
            content: Parameters::read(&content)?,
            password: Parameters::read(&password)?,
        })
    }

    /// Decrypts what the hash of the password protects.
    fn unlock(&self, hash: &[u8], purpose: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let Parameters { salt, hash: kind, key_length } = &self.password;
        let key = fitted(kind.of(&[hash, purpose]), *key_length);
        let mut content = content.to_vec();
        decrypt(&key, Some(&fitted(salt.clone(), BLOCK)), &mut content)?;
        Some(content)
    }
}

impl Encryption for Agile {
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        let Parameters { salt, hash: kind, key_length } = &self.password;
        let hash = kind.of_password(password, salt, self.spins);
        let input = self.unlock(&hash, FOR_VERIFIER_INPUT, &self.verifier_input)?;
        let expected = self.unlock(&hash, FOR_VERIFIER_VALUE, &self.verifier_value)?;
        let found = kind.of(&[input.get(..salt.len())?]);
        let is_right = expected.get(..found.len()) == Some(&found);
        let mut key = is_right.then(|| self.unlock(&hash, FOR_KEY, &self.key)).flatten()?;
        key.truncate(*key_length);
        Some(key)
    }

    fn decrypt(&self, key: &[u8], archive: &mut [u8]) -> Option<()> {
        let Parameters { salt, hash, .. } = &self.content;
        archive.chunks_mut(SEGMENT).zip(0_u32..).try_for_each(|(segment, number)| {
            let start = fitted(hash.of(&[salt, &number.to_le_bytes()]), BLOCK);
            decrypt(key, Some(&start), segment)
        })
    }
}

impl Parameters {
    fn read(element: &BytesStart<'_>) -> Result<Self> {
        let value = |name| attribute(element, name).unwrap_or_default();
        let (cipher, chaining, hash) =
            (value("cipherAlgorithm"), value("cipherChaining"), value("hashAlgorithm"));
        if cipher != "AES" || chaining != "ChainingModeCBC" {
            return Err(not_known(&format!("{cipher} {chaining}")));
        }
        let bits =
            number(element, "keyBits").filter(|bits| matches!(bits, 128 | 192 | 256)).ok_or_else(damaged)?;
        Ok(Self {
            salt: STANDARD.decode(value("saltValue")).map_err(|_| damaged())?,
            hash: Hash::named(&hash).ok_or_else(|| not_known(&hash))?,
            key_length: bits as usize / 8,
        })
    }
}

fn blocks(element: &BytesStart<'_>, name: &str) -> Result<Vec<u8>> {
    STANDARD.decode(attribute(element, name).unwrap_or_default()).map_err(|_| damaged())
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.parse().ok()
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::default()).ok().map(std::borrow::Cow::into_owned)
}
