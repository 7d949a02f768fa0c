//! What does this crate answer? How to do the few things that need `unsafe` — read-only file maps, vector
//! instructions, what the allocator has free — behind safe functions, each with a portable path and run-time dispatch.
//!
//! On one machine every function gives the same bits for the same input, wherever that input lies in memory and
//! whatever is computed beside it.

mod aligned;
mod allocator;
mod file_map;
mod float_dot;
mod half_float;
mod int8_dot;
mod matrix;
mod quantize;
mod rows;
mod simd;

pub use allocator::give_back_freed;
pub use file_map::FileMap;
pub use float_dot::{dot_f32, dot_f64};
pub use half_float::{dot_f16, f16_to_f32, f32_to_f16};
pub use int8_dot::{dot_i8, scan_i8};
pub use matrix::{Matrix, Rows, RowsMut, Write};
pub use quantize::quantize_i8;
pub use rows::{gelu, layer_norm, softmax};
