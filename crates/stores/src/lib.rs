//! Document stores: the embedded, durable one.
