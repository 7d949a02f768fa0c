//! Documents that are protected by a password: opened by the right one, refused as such without, and damaged ones refused.

use crate::collect::collect;
use pllm_core::ErrorKind;
use pllm_core::converter::{ConvertOptions, Passwords};

/// The same document, encrypted as Office 2010 and later do (with msoffcrypto-tool 6.1) and as Office 2007 does.
const FILES: [(&str, &[u8]); 2] = [
    ("agile.docx", include_bytes!("../encrypted/agile.docx")),
    ("standard.docx", include_bytes!("../encrypted/standard.docx")),
];
const PASSWORD: &str = "naïve pass";

fn read(name: &str, bytes: &[u8], passwords: &[&str]) -> Result<String, (ErrorKind, String)> {
    let passwords = Passwords(passwords.iter().map(ToString::to_string).collect());
    let options = ConvertOptions { passwords, ..ConvertOptions::default() };
    match collect(name, bytes, &options) {
        Ok(found) => Ok(found.parts.iter().map(|part| part.text.as_str()).collect()),
        Err(error) => Err((error.kind(), error.message().to_owned())),
    }
}

#[test]
fn the_right_password_opens_a_document() {
    for (name, bytes) in FILES {
        let denied = |message: &str| Err((ErrorKind::Denied, message.to_owned()));
        assert_eq!(read(name, bytes, &[]), denied("the file is protected by a password"), "{name}");
        let none = denied("none of the passwords given opens the file");
        assert_eq!(read(name, bytes, &["", "naive pass"]), none, "{name}");
        let text = Ok("The spare key is in the green tin.\n".to_owned());
        assert_eq!(read(name, bytes, &["other", PASSWORD]), text, "{name}");
        // What it is, its content tells.
        assert_eq!(read("letter.txt", bytes, &[PASSWORD]), text, "{name}");
    }
}

#[test]
fn a_damaged_document_is_read_or_refused() {
    for (name, bytes) in FILES {
        for at in (0..bytes.len()).step_by(97) {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 0x41;
            let _ = read(name, &damaged, &[PASSWORD]);
            let _ = read(name, &bytes[..at], &[PASSWORD]);
        }
    }
}
