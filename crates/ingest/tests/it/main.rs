//! What the crate promises, seen from outside.

#![expect(clippy::expect_used, reason = "helpers of tests may panic: that is the failure report")]

mod collect;
mod encrypted;
mod golden;
mod mutations;
mod splitting;
