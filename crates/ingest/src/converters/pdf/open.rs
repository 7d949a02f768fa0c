//! Bytes to a document that can be read: header, damage, passwords.

use pdf_oxide::PdfDocument;
use pllm_core::converter::Passwords;
use pllm_core::{Error, ErrorKind, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

const OPERATION: &str = "ingest.pdf";

/// Opens a file with the empty password or the first of `passwords` that fits.
///
/// # Errors
/// `InvalidInput` when it is too damaged, `Denied` when no password opens it.
pub(super) fn open(input: &[u8], passwords: &Passwords) -> Result<PdfDocument> {
    let document = guarded(|| PdfDocument::from_bytes(input.to_vec())).map_err(|reason| damaged(&reason))?;
    unlock(&document, passwords)?;
    Ok(document)
}

/// The number of pages.
///
/// # Errors
/// `InvalidInput` when that cannot be found.
pub(super) fn page_count(document: &PdfDocument) -> Result<usize> {
    let count = guarded(|| document.page_count()).map_err(|reason| damaged(&reason))?;
    if count == 0 { Err(damaged("it has no pages")) } else { Ok(count) }
}

fn unlock(document: &PdfDocument, passwords: &Passwords) -> Result<()> {
    if !document.is_encrypted() || document.is_authenticated() {
        return Ok(());
    }
    for password in std::iter::once("").chain(passwords.0.iter().map(String::as_str)) {
        if guarded(|| document.authenticate(password.as_bytes())).map_err(|reason| damaged(&reason))? {
            return Ok(());
        }
    }
    let message = if passwords.0.is_empty() {
        "the file is protected by a password"
    } else {
        "none of the passwords given opens the file"
    };
    Err(Error::new(ErrorKind::Denied, OPERATION, message).hint("give it with --password"))
}

/// Runs what the parser does: a panic of it is an error like its others, in words.
///
/// # Errors
/// What the parser says.
pub(super) fn guarded<T>(work: impl FnOnce() -> pdf_oxide::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser gave up".to_owned()),
    }
}

/// The error of a file that cannot be read for `reason`.
pub(super) fn damaged(reason: &str) -> Error {
    let mut reason = reason.replace(['\n', '\r'], " ");
    if let Some(first) = reason.chars().next() {
        reason.replace_range(..first.len_utf8(), &first.to_lowercase().to_string());
    }
    let reason = reason.trim_end_matches('.');
    Error::invalid(OPERATION, format!("the file is damaged or no PDF: {reason}"))
}
