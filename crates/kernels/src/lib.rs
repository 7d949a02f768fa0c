//! The only crate with unsafe code: read-only file maps, dot products, matrix products.
