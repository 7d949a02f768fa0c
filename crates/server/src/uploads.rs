//! What comes in: files of a form, piece by piece, texts, and tables that are only looked at.

use crate::extract::{Json, Path, is_slow, slow};
use crate::problem::Problem;
use crate::request::set;
use crate::state::Shared;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use pllm_app::ingest::IngestOptions;
use pllm_app::views;
use serde::Deserialize;
use utoipa::ToSchema;

/// Most bytes of the part that says how files are read.
const OPTIONS_BYTES: usize = 64 << 10;

/// A job that was begun, where it is, and what it looks like.
type Accepted = (StatusCode, HeaderMap, axum::Json<views::Job>);

/// Files on their way in.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes the parts of a form")]
pub(crate) struct UploadForm {
    /// How the files are to be read, before the first of them.
    options: Option<views::UploadOptions>,
    /// Any number of files; the name may be a relative path.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
}

/// A table to look at.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only describes the part of a form")]
pub(crate) struct TableForm {
    /// A file of csv, tsv, json or jsonl.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A text to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewText {
    /// What it is called; with the same name again it is a new revision.
    name: String,
    /// The text.
    #[schema(pattern = r"\S")]
    text: String,
}

/// A form in parts.
pub(crate) struct Form(Multipart);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Multipart::from_request(request, state).await {
            Ok(form) => Ok(Self(form)),
            Err(MultipartRejection::InvalidBoundary(_)) => {
                Err(Problem::of("unsupported-media-type", "expected multipart/form-data with a boundary"))
            }
            Err(rejection) => Err(Problem::of("invalid-input", rejection.body_text())),
        }
    }
}

impl Form {
    async fn next(&mut self) -> Result<Option<Field<'_>>, Problem> {
        self.0.next_field().await.map_err(|error| broken(&error))
    }
}

/// A form that does not read, or did not come to its end.
fn broken(error: &MultipartError) -> Problem {
    match error.status() {
        _ if is_slow(error) => slow(),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::of("too-large", error.body_text()),
        _ => Problem::of("invalid-input", format!("the form broke off: {}", error.body_text())),
    }
}

/// Give files in
///
/// They are stored as they come and read afterwards: the job tells how that goes. A file that cannot be read does not stop the
/// others.
#[utoipa::path(post, path = "/api/collections/{name}/sources", tag = "jobs", params(("name" = String, Path, description = "The collection")),
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 202, body = views::Job)))]
pub(crate) async fn upload(
    State(service): State<Shared>,
    Path(name): Path<String>,
    mut form: Form,
) -> Result<Accepted, Problem> {
    let (mut options, mut upload) = (IngestOptions::default(), None);
    while let Some(mut field) = form.next().await? {
        match (field.name(), &upload) {
            (Some("options"), None) => options = read_options(&mut field).await?,
            (Some("options"), Some(_)) => {
                return Err(Problem::of(
                    "invalid-input",
                    "the part \"options\" comes after a file, expected before",
                ));
            }
            (Some("file"), _) => {
                let upload = match &mut upload {
                    Some(upload) => upload,
                    none => none.insert(service.app.begin_upload(&name, std::mem::take(&mut options)).await?),
                };
                upload.file(field.file_name().unwrap_or_default()).await?;
                while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
                    upload.write(&bytes).await?;
                }
            }
            (other, _) => {
                let other = other.unwrap_or_default();
                let detail = format!("the form has a part {other:?}, expected \"options\" and \"file\"");
                return Err(Problem::of("invalid-input", detail));
            }
        }
    }
    let upload = match upload {
        Some(upload) => upload,
        None => service.app.begin_upload(&name, options).await?,
    };
    let id = upload.submit().await?;
    accepted(&service, id).await
}

async fn read_options(field: &mut Field<'_>) -> Result<IngestOptions, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > OPTIONS_BYTES {
            let detail = format!("the part \"options\" has more than {OPTIONS_BYTES} bytes");
            return Err(Problem::of("too-large", detail));
        }
    }
    let options: views::UploadOptions = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::of("invalid-input", format!("the part \"options\" does not read: {error}"))
    })?;
    Ok(options.into())
}

/// Give a text in
#[utoipa::path(post, path = "/api/collections/{name}/texts", tag = "jobs", params(("name" = String, Path, description = "The collection")),
    request_body = NewText, responses((status = 202, body = views::Job)))]
pub(crate) async fn paste(
    State(service): State<Shared>,
    Path(name): Path<String>,
    Json(body): Json<NewText>,
) -> Result<Accepted, Problem> {
    let id = service.app.submit_text(&name, &body.name, &body.text).await?;
    accepted(&service, id).await
}

async fn accepted(service: &Shared, id: i64) -> Result<Accepted, Problem> {
    let mut headers = HeaderMap::new();
    set(&mut headers, header::LOCATION, &format!("/api/jobs/{id}"));
    Ok((StatusCode::ACCEPTED, headers, axum::Json(views::Job::new(&service.app.job(id).await?))))
}

/// The columns of a table, and what an ingest makes of them without a choice
///
/// Nothing is stored.
#[utoipa::path(post, path = "/api/collections/{name}/columns", tag = "jobs", params(("name" = String, Path, description = "The collection")),
    request_body(content = TableForm, content_type = "multipart/form-data"), responses((status = 200, body = views::TableColumns)))]
pub(crate) async fn columns(
    State(service): State<Shared>,
    Path(name): Path<String>,
    mut form: Form,
) -> Result<axum::Json<views::TableColumns>, Problem> {
    service.app.collection(&name).await?;
    let most = service.app.config.max_file_bytes;
    let _in_memory = service.limits.table()?;
    let Some(mut field) = form.next().await?.filter(|field| field.name() == Some("file")) else {
        return Err(Problem::of("invalid-input", "the form has no part \"file\""));
    };
    let file = field.file_name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() as u64 > most {
            return Err(Problem::of(
                "too-large",
                format!("the file has more bytes than allowed, expected at most {most}"),
            ));
        }
    }
    let _permit = service.limits.ask().await?;
    let columns = service.app.columns(&file, &bytes).await?;
    Ok(axum::Json(views::TableColumns::new(&columns)))
}
