//! On whose behalf a use case runs.

use std::time::Instant;

/// Who asks, under which request, until when. Today always the local owner.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The owner of what is touched.
    pub principal: String,
    /// Named in logs and errors.
    pub request_id: String,
    /// When the answer is of no use any more.
    pub deadline: Option<Instant>,
}

impl Caller {
    /// The person at this computer.
    #[must_use]
    pub fn local(request_id: &str) -> Self {
        Self {
            principal: crate::metadata::LOCAL_OWNER.to_owned(),
            request_id: request_id.to_owned(),
            deadline: None,
        }
    }
}
