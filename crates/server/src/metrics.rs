//! What the service counts, in the text format that Prometheus reads (exposition format 0.0.4). No figure names anything of a
//! user's: routes have names in braces where theirs would stand.

use axum::http::Method;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram of durations, seconds.
const BOUNDS: [f64; 9] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Figures since the start.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    busy: AtomicU64,
    requests: Mutex<BTreeMap<(String, String, u16), u64>>,
    durations: Mutex<BTreeMap<String, Histogram>>,
}

#[derive(Debug, Default, Clone)]
struct Histogram {
    counts: [u64; BOUNDS.len()],
    all: u64,
    seconds: f64,
}

/// Counts a request as under way until it is dropped.
#[derive(Debug)]
pub(crate) struct Busy<'a>(&'a AtomicU64);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn begin(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(&self.busy)
    }

    pub(crate) fn end(&self, method: &Method, route: &str, status: u16, elapsed: Duration) {
        let key = (method.to_string(), route.to_owned(), status);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        let seconds = elapsed.as_secs_f64();
        let mut durations = self.durations.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = durations.entry(route.to_owned()).or_default();
        histogram.all += 1;
        histogram.seconds += seconds;
        for (count, bound) in histogram.counts.iter_mut().zip(BOUNDS) {
            *count += u64::from(seconds <= bound);
        }
    }

    /// All figures; `ready` is whether the models are loaded.
    pub(crate) fn text(&self, ready: bool) -> String {
        let mut text = String::new();
        let ready = u8::from(ready);
        head(&mut text, "pllm_server_ready", "gauge", "whether the models are loaded");
        line(&mut text, format_args!("pllm_server_ready {ready}"));
        head(&mut text, "pllm_server_busy_requests", "gauge", "requests under way");
        line(&mut text, format_args!("pllm_server_busy_requests {}", self.busy.load(Ordering::Relaxed)));
        head(&mut text, "pllm_server_requests_total", "counter", "requests that have ended");
        for ((method, route, status), count) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner)
        {
            let labels = format_args!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            line(&mut text, format_args!("pllm_server_requests_total{{{labels}}} {count}"));
        }
        let name = "pllm_server_request_seconds";
        head(&mut text, name, "histogram", "time until the response began");
        for (route, histogram) in &*self.durations.lock().unwrap_or_else(PoisonError::into_inner) {
            for (count, bound) in histogram.counts.iter().zip(BOUNDS) {
                line(&mut text, format_args!("{name}_bucket{{route=\"{route}\",le=\"{bound}\"}} {count}"));
            }
            line(&mut text, format_args!("{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", histogram.all));
            line(&mut text, format_args!("{name}_sum{{route=\"{route}\"}} {}", histogram.seconds));
            line(&mut text, format_args!("{name}_count{{route=\"{route}\"}} {}", histogram.all));
        }
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}"));
    line(text, format_args!("# TYPE {name} {kind}"));
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{arguments}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_add_up() {
        let metrics = Metrics::default();
        let busy = metrics.begin();
        metrics.end(&Method::GET, "/api/health", 200, Duration::from_millis(30));
        metrics.end(&Method::GET, "/api/health", 200, Duration::from_secs(60));
        let text = metrics.text(true);
        for expected in [
            "pllm_server_busy_requests 1\n",
            "pllm_server_ready 1\n",
            "pllm_server_requests_total{method=\"GET\",route=\"/api/health\",status=\"200\"} 2\n",
            "pllm_server_request_seconds_bucket{route=\"/api/health\",le=\"0.02\"} 0\n",
            "pllm_server_request_seconds_bucket{route=\"/api/health\",le=\"0.05\"} 1\n",
            "pllm_server_request_seconds_bucket{route=\"/api/health\",le=\"+Inf\"} 2\n",
            "pllm_server_request_seconds_count{route=\"/api/health\"} 2\n",
        ] {
            assert!(text.contains(expected), "{expected} in\n{text}");
        }
        drop(busy);
        assert!(metrics.text(false).contains("pllm_server_busy_requests 0\n"));
    }
}
