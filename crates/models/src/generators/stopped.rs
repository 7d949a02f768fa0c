//! Waiting that ends when the run is to end.

use pllm_core::{Result, RunContext};
use std::future::Future;
use std::time::Duration;

/// How often a run is asked whether it goes on: a caller is free well within 100 ms.
const LOOK: Duration = Duration::from_millis(25);

/// What `work` gives, or `Cancelled` or `Timeout` as soon as the run has to end; then `work` is dropped.
pub(super) async fn until_stopped<T>(
    context: &RunContext,
    work: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let stopped = async {
        loop {
            if let Err(error) = context.check() {
                return error;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        biased;
        outcome = work => outcome,
        error = stopped => Err(error),
    }
}
