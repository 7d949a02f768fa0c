//! Jobs: listed, shown, watched, stopped, tried again.

use crate::extract::{Path, Query};
use crate::limits::Permit;
use crate::problem::Problem;
use crate::request::RequestId;
use crate::state::Shared;
use crate::stream::{self, StreamEvent};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::response::sse::Event;
use pllm_app::jobs::{JobStatus, JobWatch};
use pllm_app::views;
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::watch;
use utoipa::IntoParams;

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobsQuery {
    /// Only those of this collection.
    collection: Option<String>,
}

/// The jobs, newest first
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", params(JobsQuery), responses((status = 200, body = Vec<views::Job>)))]
pub(crate) async fn list(
    State(service): State<Shared>,
    Query(query): Query<JobsQuery>,
) -> Result<axum::Json<Vec<views::Job>>, Problem> {
    let jobs = service.app.jobs(query.collection.as_deref()).await?;
    Ok(axum::Json(jobs.iter().map(views::Job::listed).collect()))
}

/// A job with its files
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = i64, Path, description = "The job")),
    responses((status = 200, body = views::Job)))]
pub(crate) async fn show(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<axum::Json<views::Job>, Problem> {
    Ok(axum::Json(views::Job::new(&service.app.job(id).await?)))
}

/// Stop a job
///
/// At once where it waits, at its next step where it runs; what is stored stays.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "jobs", params(("id" = i64, Path, description = "The job")),
    responses((status = 200, body = views::Job)))]
pub(crate) async fn cancel(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<axum::Json<views::Job>, Problem> {
    Ok(axum::Json(views::Job::new(&service.app.cancel_job(id).await?)))
}

/// Try a job again, with its files that failed, were cancelled or were not reached
#[utoipa::path(post, path = "/api/jobs/{id}/retry", tag = "jobs", params(("id" = i64, Path, description = "The job")),
    responses((status = 200, body = views::Job)))]
pub(crate) async fn retry(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<axum::Json<views::Job>, Problem> {
    Ok(axum::Json(views::Job::new(&service.app.retry_job(id).await?)))
}

/// Remove a job that ended from the list
///
/// The bytes of its files that failed go with it: until then they are kept, so that they can be tried again. What was stored stays.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "jobs", params(("id" = i64, Path, description = "The job")),
    responses((status = 204)))]
pub(crate) async fn delete(
    State(service): State<Shared>,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    service.app.delete_job(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A job as it changes
///
/// `job` with the job, at first as it is, then at every change, not more than five times a second; `done` with the job at its end.
#[utoipa::path(get, path = "/api/jobs/{id}/events", tag = "jobs", params(("id" = i64, Path, description = "The job")),
    responses((status = 200, body = StreamEvent, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(service): State<Shared>,
    Path(id): Path<i64>,
    Extension(RequestId(request_id)): Extension<RequestId>,
) -> Result<Response, Problem> {
    let permit = service.limits.stream()?;
    let watch = service.app.watch_job(id).await?;
    let watched =
        Watched { watch, stopping: service.stopping.subscribe(), request_id, over: false, _permit: permit };
    let events = futures::stream::unfold(watched, |mut watched| async move {
        let event = watched.next().await?;
        Some((Ok::<_, Infallible>(event), watched))
    });
    Ok(stream::response(events))
}

struct Watched {
    watch: JobWatch,
    stopping: watch::Receiver<bool>,
    request_id: String,
    over: bool,
    _permit: Permit,
}

impl Watched {
    /// The next event; none when the job was told to its end, or the service ends.
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        let next = tokio::select! {
            next = self.watch.next() => next,
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
        };
        match next {
            Ok(job) => job.map(|job| self.told(&job)),
            Err(error) => {
                self.over = true;
                Some(stream::event("error", &Problem::from(error).document(&self.request_id)))
            }
        }
    }

    fn told(&mut self, job: &JobStatus) -> Event {
        self.over = job.record.state.is_ended();
        stream::event(if self.over { "done" } else { "job" }, &views::Job::new(job))
    }
}
