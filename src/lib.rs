//! pullwright: generates manifests and scripts from a config, so that pods can pull from protected registries.

pub mod adopt;
pub mod artifact;
pub mod audit;
pub mod change;
pub mod clean;
pub mod cli;
pub mod config;
pub mod contract;
mod cores;
pub mod diag;
pub mod disk;
pub mod document;
pub mod krm;
pub mod lock;
pub mod manifest;
pub mod mask;
pub mod model;
pub mod names;
pub mod plan;
pub mod pointer;
pub mod pull;
pub mod render;
pub mod secret;
pub mod span;
pub mod strategy;
pub mod verify;
pub mod why;
