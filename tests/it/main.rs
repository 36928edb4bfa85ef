//! The hermetic tests of the whole program: no network, no installed tools beyond Rust and git.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make folders and start the binary"
)]

mod advice;
mod audit;
mod audit_fix;
mod audit_ignores;
mod audit_input;
mod audit_policy;
mod batch;
mod canary;
mod chain;
mod cli;
mod contracts;
mod discovery;
mod docs;
mod drift;
mod edits;
mod errors;
mod examples;
mod files;
mod fixes;
mod foreign;
mod formats;
mod git;
mod git_layouts;
mod hostile_files;
#[path = "../hostile/mod.rs"]
mod hostile_inputs;
mod hostile_output;
mod irregular;
mod junit;
mod keyring;
mod killed;
mod kinds;
mod krm;
mod krm_cases;
mod krm_pods;
mod krm_reading;
mod layers;
mod leaks;
mod limits;
mod locks;
mod manifests;
mod masking;
mod notices;
mod orphans;
mod output_file;
mod owners;
mod picture;
mod plaintext;
mod quoting;
mod readme;
mod result_schema;
mod rotation;
mod rules;
mod runaway;
mod runaways;
mod sarif;
mod schema;
mod secrets;
mod seeds;
mod shell_places;
mod shell_refused;
mod shell_table;
mod streams;
mod support;
mod template_access;
mod templates;
mod terminal;
mod undefined;
mod why;
mod why_hostile;
mod why_manifests;
mod why_wordings;
