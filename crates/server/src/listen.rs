//! Where the service listens, how connections are served, and how it ends: it stops accepting, lets finish what is under way,
//! then goes.

use crate::patience::Patient;
use crate::router::router;
use crate::state::{Options, Service, Shared};
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use pllm_app::App;
use pllm_app::config::ServerConfig;
use pllm_core::{Error, ErrorKind, Result};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Addresses that are taken; connections wait until they are served.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    metrics: Option<TcpListener>,
    address: SocketAddr,
}

/// Takes a port of this computer, 0 = any that is free, and one more for metrics where wanted.
///
/// # Errors
/// `Denied` for an address that other computers reach; `Conflict` for a port that is taken; `InvalidInput` for what is no address.
pub async fn bind(host: &str, port: u16, metrics_port: Option<u16>) -> Result<Bound> {
    let ip = loopback(host)?;
    let listener = listen(ip, port).await?;
    let metrics = match metrics_port {
        Some(port) => Some(listen(ip, port).await?),
        None => None,
    };
    let address = listener.local_addr().map_err(|error| failed(ip, port, error))?;
    Ok(Bound { listener, metrics, address })
}

fn loopback(host: &str) -> Result<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let ip = match bare.parse::<IpAddr>() {
        Ok(ip) => ip,
        Err(_) if bare == "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Err(_) => {
            let message =
                format!("{host:?} is not an address to listen on, expected 127.0.0.1, ::1 or localhost");
            return Err(Error::invalid(OPERATION, message));
        }
    };
    if ip.is_loopback() {
        return Ok(ip);
    }
    let message = format!(
        "{host} can be reached from other computers, and there are no accounts yet: expected a loopback address"
    );
    Err(Error::new(ErrorKind::Denied, OPERATION, message).hint(
        "from another device use `ssh -L 8080:127.0.0.1:8080 THIS-COMPUTER` and open http://localhost:8080",
    ))
}

async fn listen(ip: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((ip, port)).await.map_err(|error| failed(ip, port, error))
}

fn failed(ip: IpAddr, port: u16, error: std::io::Error) -> Error {
    let message = format!("cannot listen on {}", SocketAddr::new(ip, port));
    match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::new(ErrorKind::Conflict, OPERATION, message)
            .caused_by(error)
            .hint("choose another port with --port, or end what listens there"),
        std::io::ErrorKind::PermissionDenied => Error::new(ErrorKind::Denied, OPERATION, message)
            .caused_by(error)
            .hint("ports below 1024 are the system's"),
        _ => Error::new(ErrorKind::Unavailable, OPERATION, message).caused_by(error),
    }
}

const OPERATION: &str = "server.listen";

impl Bound {
    /// The address that a browser opens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where metrics are, if anywhere.
    #[must_use]
    pub fn metrics_url(&self) -> Option<String> {
        let address = self.metrics.as_ref()?.local_addr().ok()?;
        Some(format!("http://{address}/metrics"))
    }

    /// Serves until `stop` is ready, and works on jobs meanwhile; says so in the lock file of the data directory; then ends: at once for what is idle, within seconds for what is
    /// under way. Jobs that are not done go on at the next start.
    ///
    /// # Errors
    /// `Corrupt` when the metadata database is damaged; `Unavailable` when the lock file cannot be written.
    pub async fn serve(self, app: App, options: Options, stop: impl Future<Output = ()>) -> Result<()> {
        let app = Arc::new(app);
        app.start_jobs().await?;
        let limits = app.config.server.clone();
        let own = pllm_runtime::lock::Service::new(self.address, env!("CARGO_PKG_VERSION"))?;
        let service = Service::new(Arc::clone(&app), self.address.port(), own.token.clone(), options);
        let warming = tokio::spawn({
            let service = Arc::clone(&service);
            async move { service.warm().await }
        });
        let metrics = self.metrics.map(|listener| {
            let routes = Router::new().route("/metrics", get(metrics)).with_state(Arc::clone(&service));
            let (limits, stop) = (limits.clone(), ended(Arc::clone(&service)));
            tokio::spawn(async move { connections(listener, routes, &limits, stop).await })
        });
        app.announce(&own)?;
        let stop = async {
            stop.await;
            if let Err(error) = app.withdraw() {
                tracing::warn!(%error, "commands may come here although the service ends");
            }
            service.stopping.send_replace(true);
        };
        let jobs = async {
            ended(Arc::clone(&service)).await;
            app.stop_jobs(limits.stop_time).await;
        };
        tokio::join!(connections(self.listener, router(Arc::clone(&service)), &limits, stop), jobs);
        app.settle_traces().await;
        warming.abort();
        if let Some(metrics) = metrics {
            // It ends by the same signal.
            let _ = metrics.await;
        }
        Ok(())
    }
}

async fn ended(service: Shared) {
    let mut stopping = service.stopping.subscribe();
    // The sender lives as long as the service.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn metrics(State(service): State<Shared>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], service.metrics.text(service.is_ready()))
}

/// Serves connections until `stop` is ready; what is still under way when the time for that is over is cut.
async fn connections(
    listener: TcpListener,
    routes: Router,
    limits: &ServerConfig,
    stop: impl Future<Output = ()>,
) {
    let (graceful, mut served) = (GracefulShutdown::new(), JoinSet::new());
    let mut stop = pin!(stop);
    loop {
        let has_place = served.len() < limits.max_connections;
        tokio::select! {
            () = &mut stop => break,
            Some(_) = served.join_next() => {}
            accepted = listener.accept(), if has_place => match accepted {
                Ok((stream, _)) => {
                    let connection = graceful.watch(connection(stream, routes.clone(), limits.client_time));
                    served.spawn(async move {
                        if let Err(error) = connection.await {
                            // A client that goes away in the middle is nothing special.
                            tracing::debug!(%error, "a connection ended early");
                        }
                    });
                }
                // Too many open files, most likely: some will be closed.
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(listener);
    if tokio::time::timeout(limits.stop_time, graceful.shutdown()).await.is_err() {
        tracing::warn!(requests = served.len(), "what did not end in time is cut");
        served.shutdown().await;
    }
}

type Connection = http1::Connection<TokioIo<Patient<TcpStream>>, TowerToHyperService<Router>>;

/// A connection whose client may be slow for `patience`: in sending a head, and in reading what it asked for.
fn connection(stream: TcpStream, routes: Router, patience: Duration) -> Connection {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience);
    let stream = TokioIo::new(Patient::new(stream, patience));
    builder.serve_connection(stream, TowerToHyperService::new(routes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on() {
        for host in ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"] {
            assert!(loopback(host).is_ok_and(|ip| ip.is_loopback()), "{host}");
        }
        for (host, kind) in [
            ("0.0.0.0", ErrorKind::Denied),
            ("192.168.1.5", ErrorKind::Denied),
            ("::", ErrorKind::Denied),
            ("example.org", ErrorKind::InvalidInput),
        ] {
            let error = loopback(host).expect_err(host);
            assert_eq!(error.kind(), kind, "{host}");
            assert_eq!(error.cure().is_some_and(|hint| hint.contains("ssh -L")), kind == ErrorKind::Denied);
        }
    }
}
