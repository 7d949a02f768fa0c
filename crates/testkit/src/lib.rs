//! The behaviour suites every store must pass, and test fixtures.
