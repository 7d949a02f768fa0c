//! A server behind a proxy that wants TLS and a header, as Chroma has neither: the CA file and the header let in, nothing else does.

use super::server::{self, Server};
use crate::crash::script::{key, schema};
use libtest_mimic::{Completion, Failed, Trial};
use pllm_core::{ErrorKind, IdentitySeal, Result, StoreBackend};
use pllm_runtime::CpuPool;
use pllm_stores::{ChromaConfig, StoreConfig, StorePlace};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

/// The variable whose value is shown: a process cannot set one for itself, and this one every process has.
const AUTH_ENV: &str = "PATH";

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::ignorable_test("chroma::proxy::a_header_and_a_ca_file_let_in", || {
        match server::presence().settle("chroma")? {
            Some(ending) => Ok(ending),
            None => a_header_and_a_ca_file_let_in().map(|()| Completion::Completed),
        }
    })]
}

fn a_header_and_a_ca_file_let_in() -> Result<(), Failed> {
    let (server, folder) = (Server::start()?, tempfile::tempdir()?);
    let certificate = certificate(folder.path())?;
    let url = serve(server.url().to_owned(), &certificate, &folder.path().join("key.pem"))?;
    let whole = ChromaConfig {
        auth_env: Some(AUTH_ENV.to_owned()),
        ca_file: Some(certificate),
        ..ChromaConfig::new(&url)
    };
    let open = |config: ChromaConfig| open(config, folder.path());
    tokio::runtime::Runtime::new()?.block_on(async {
        open(whole.clone()).await?;
        let without_key = open(ChromaConfig { auth_env: None, ..whole.clone() }).await;
        assert_eq!(without_key.map_err(|error| error.kind()), Err(ErrorKind::Denied));
        let unset =
            open(ChromaConfig { auth_env: Some("PLLM_TEST_NO_SUCH".to_owned()), ..whole.clone() }).await;
        assert_eq!(unset.map_err(|error| error.kind()), Err(ErrorKind::InvalidInput));
        let without_ca = open(ChromaConfig { ca_file: None, ..whole }).await;
        assert_eq!(without_ca.map_err(|error| error.kind()), Err(ErrorKind::Unavailable));
        Ok(())
    })
}

/// Opens a store through the factory, and asks how the server is.
async fn open(config: ChromaConfig, root: &Path) -> Result<()> {
    let place = StorePlace { root: root.to_owned(), seal: Arc::new(IdentitySeal), pool: CpuPool::new(1, 8) };
    let backend: Arc<dyn StoreBackend> = StoreConfig::Chroma(config).backend(&place)?;
    assert_eq!(backend.check().await?.faults, [""; 0]);
    let store = backend.open(&key()?, &schema()).await?;
    assert_eq!(store.count(None).await?, 0);
    Ok(())
}

/// A certificate for 127.0.0.1 that signs itself.
fn certificate(folder: &Path) -> Result<PathBuf, Failed> {
    let made = Command::new("openssl")
        .current_dir(folder)
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
        .output()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(folder.join("certificate.pem"))
}

/// Speaks TLS, asks for the header, and passes on what has it; gives its address.
fn serve(behind: String, certificate: &Path, key: &Path) -> Result<String, Failed> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = vec![CertificateDer::from_pem_file(certificate)?];
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("https://{}", listener.local_addr()?);
    // Ends with the process: it waits for connections.
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let (config, behind) = (Arc::clone(&config), behind.clone());
            thread::spawn(move || pass_on(connection, config, &behind));
        }
    });
    Ok(url)
}

/// One request of a connection, and its answer.
fn pass_on(connection: TcpStream, config: Arc<ServerConfig>, behind: &str) -> io::Result<()> {
    let session = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut client = BufReader::new(StreamOwned::new(session, connection));
    let (mut head, mut length) = (String::new(), 0);
    while client.read_line(&mut head)? > 2 {
        let line = head.lines().last().unwrap_or_default().to_lowercase();
        length = line.strip_prefix("content-length: ").and_then(|n| n.parse().ok()).unwrap_or(length);
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    let key = format!("authorization: bearer {}\r\n", std::env::var(AUTH_ENV).unwrap_or_default());
    let answer = if head.to_lowercase().contains(&key.to_lowercase()) {
        ask(behind, &head, &body)?
    } else {
        b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec()
    };
    let mut client = client.into_inner();
    client.write_all(&answer)?;
    client.conn.send_close_notify();
    client.flush()
}

fn ask(behind: &str, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(behind.trim_start_matches("http://"))?;
    server.write_all(head.trim_end().as_bytes())?;
    server.write_all(b"\r\nconnection: close\r\n\r\n")?;
    server.write_all(body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    Ok(answer)
}
