//! The hermetic tests of the binary: no network, no installed tools beyond Rust and git.
