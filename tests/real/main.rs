//! Tests against real programs: run with `cargo test --test real`. A missing program is a failure
//! that says how to install it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests start programs and make folders"
)]

mod audit;
mod audit_builds;
mod azure;
mod book;
mod container;
mod credentials;
mod disk;
mod editor;
mod exits;
mod faults;
mod function;
mod helm;
mod hostile;
mod hostile_costs;
#[path = "../hostile/mod.rs"]
mod hostile_inputs;
mod integrations;
mod kustomize;
mod language_server;
mod lint;
mod manifests;
mod notices;
mod npm;
mod packages;
#[path = "../it/pages.rs"]
#[expect(dead_code, reason = "the hermetic tests use all of it")]
mod pages;
mod pipelines;
mod pre_commit;
mod pre_commit_python;
mod progress;
mod quoting;
mod registry;
mod release;
mod robustness;
mod runaway;
#[path = "../it/runaways.rs"]
mod runaways;
mod runtime;
mod scripts;
#[path = "../it/sessions.rs"]
#[expect(dead_code, reason = "the hermetic tests use all of it")]
mod sessions;
#[path = "../it/shell_table.rs"]
mod shell_table;
mod surroundings;
mod threads;
mod tools;
mod tutorial;
mod workflows;
mod world;
mod yaml;
