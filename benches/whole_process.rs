//! Whole-process measurements.
fn main() {}
