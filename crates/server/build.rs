//! Watches the built web page, so that a new one is embedded. It builds nothing: `make` does that.

use std::path::Path;

fn main() {
    let dist = Path::new("../../web/dist");
    // An empty folder stands for a page that was not built; one that is missing would have cargo run this every time.
    if dist.is_dir() || std::fs::create_dir_all(dist).is_ok() {
        emit(&format!("rerun-if-changed={}", dist.display()));
    }
    if !dist.join("index.html").is_file() {
        emit(
            "warning=web/dist is not built: the program will say so instead of showing its page (`make` builds both)",
        );
    }
}

fn emit(line: &str) {
    println!("cargo:{line}");
}
