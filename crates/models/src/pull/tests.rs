//! Pulls from a server on loopback that answers with prepared bodies.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use pllm_runtime::HttpConfig;

use super::*;
use crate::cache::ModelState;
use crate::catalogue::Catalogue;

/// `printf 'the weights' | sha256sum`, and so on.
const WEIGHTS: (&str, &str) =
    ("the weights", "f38329d231164082b94f28edf29bff349b44403e09fc4057d65b31051f4ae6b5");
const CONFIG: (&str, &str) = ("{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");

/// Serves the bodies by path for as long as the test runs; remembers what was asked for.
fn serve(bodies: HashMap<&'static str, &'static str>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut lines = BufReader::new(connection.try_clone().unwrap()).lines().map_while(Result::ok);
            let path =
                lines.next().and_then(|line| line.split(' ').nth(1).map(str::to_owned)).unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let (status, body) =
                bodies.get(path.as_str()).map_or(("404 Not Found", ""), |body| ("200 OK", *body));
            let length = body.len();
            log.lock().unwrap().push(path);
            let _ = write!(
                connection,
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
    });
    (address, asked)
}

fn entry(address: SocketAddr) -> ModelEntry {
    let file = |name: &str, (text, sha256): (&str, &str)| {
        let size = text.len();
        format!(
            "[[model.file]]\nname = \"{name}\"\nurl = \"http://{address}/{name}\"\nsha256 = \"{sha256}\"\nsize = {size}\n"
        )
    };
    let head = "[[model]]\nname = \"tiny\"\nkind = \"embedder\"\nlicence = \"MIT\"\nhome = \"http://x\"\n";
    Catalogue::parse(&format!("{head}{}{}", file("weights", WEIGHTS), file("config", CONFIG)))
        .unwrap()
        .models()[0]
        .clone()
}

fn client() -> HttpClient {
    HttpClient::new(HttpConfig { retries: 0, backoff: Duration::from_millis(1), ..HttpConfig::default() })
        .unwrap()
}

#[tokio::test]
async fn a_model_arrives_and_is_not_loaded_twice() {
    let (address, asked) = serve([("/weights", WEIGHTS.0), ("/config", CONFIG.0)].into());
    let folder = tempfile::tempdir().unwrap();
    let (cache, entry) = (ModelCache::new(folder.path().join("models")), entry(address));
    let mut steps = Vec::new();
    let mut progress = |step: PullProgress<'_>| steps.push((step.file.to_owned(), step.done, step.total));
    cache.pull(&entry, &client(), &mut progress).await.unwrap();
    assert_eq!(cache.state(&entry), ModelState::Ready);
    assert_eq!(std::fs::read_to_string(cache.folder(&entry).join("weights")).unwrap(), WEIGHTS.0);
    assert_eq!(steps.last(), Some(&("config".to_owned(), 13, 13)));
    assert!(steps.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{steps:?}");

    // A damaged file is loaded again, the others are not.
    std::fs::write(cache.folder(&entry).join("config"), "damaged").unwrap();
    cache.pull(&entry, &client(), &mut |_| {}).await.unwrap();
    assert_eq!(cache.state(&entry), ModelState::Ready);
    assert_eq!(*asked.lock().unwrap(), ["/weights", "/config", "/config"]);
}

/// What a pull from these bodies fails with, and which files are left.
async fn check(bodies: HashMap<&'static str, &'static str>, kind: ErrorKind, left: &[&str]) {
    let (address, _) = serve(bodies);
    let folder = tempfile::tempdir().unwrap();
    let (cache, entry) = (ModelCache::new(folder.path().join("models")), entry(address));
    let error = cache.pull(&entry, &client(), &mut |_| {}).await.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    let mut names: Vec<String> = std::fs::read_dir(cache.folder(&entry))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, left);
    assert_eq!(cache.state(&entry), ModelState::Missing);
}

#[tokio::test]
async fn what_is_not_right_leaves_nothing() {
    check([("/weights", "the weighs!"), ("/config", CONFIG.0)].into(), ErrorKind::Corrupt, &["lock"]).await;
    check([("/weights", "short"), ("/config", CONFIG.0)].into(), ErrorKind::Corrupt, &["lock"]).await;
    check(
        [("/weights", "the weights and more"), ("/config", CONFIG.0)].into(),
        ErrorKind::TooLarge,
        &["lock"],
    )
    .await;
    check([("/weights", WEIGHTS.0)].into(), ErrorKind::NotFound, &["lock", "weights"]).await;
}
