//! Reading reports for people and as JSON.

use pllm_app::report::{StoredDropped, StoredReport, StoredWarning};
use serde_json::{Value, json};

/// The report as JSON.
pub(crate) fn as_json(report: &StoredReport) -> Value {
    let warning = |warning: &StoredWarning| {
        json!({
            "code": warning.code, "place": warning.place().map(|place| place.label()), "message": warning.message,
        })
    };
    let dropped = |dropped: &StoredDropped| json!({"kind": dropped.kind, "text": dropped.text, "pages": dropped.pages, "reason": dropped.reason});
    json!({
        "text_bytes": report.text_bytes, "records": report.records, "pages": report.pages,
        "pages_without_text": report.pages_without_text, "unread": report.unread(), "tables": report.tables,
        "dropped": report.dropped.iter().map(dropped).collect::<Vec<_>>(),
        "warnings": report.warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

/// What was not read or not read well, a line each.
pub(crate) fn warning_lines(report: &StoredReport) -> Vec<String> {
    report.unread().into_iter().chain(report.warnings.iter().map(StoredWarning::line)).collect()
}
