//! Flags and arguments of `audit`, which `explain` shares.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::{Reporting, ResultTo};
use crate::names::Namespace;

/// Flags of `audit`.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Files, globs or directories with manifests (respecting .gitignore); `-` reads stdin
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// What is known besides the manifests.
    #[command(flatten)]
    pub reading: Reading,
    /// Exit with 1 as well if something could not be decided
    #[arg(long)]
    pub strict: bool,
    /// Do not report the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to the file of --baseline instead of reporting them [default file: pullwright-audit.baseline.json]
    #[arg(long)]
    pub write_baseline: bool,
    /// Repair what is certain, in the files, and report what is left
    #[arg(long, conflicts_with = "write_baseline")]
    pub fix: bool,
    /// Show what --fix would change, and write nothing
    #[arg(long, requires = "fix")]
    pub diff: bool,
    /// How the result is written, and where.
    #[command(flatten)]
    pub result: ResultTo,
    /// How much is printed.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// How manifests are read.
#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Namespace of objects that set none
    #[arg(long, short, value_name = "NAMESPACE", value_parser = namespace)]
    pub namespace: Option<String>,
    /// Where the pods run [default: what the policy says, else aks]
    #[arg(long, value_enum)]
    pub target: Option<RunsOn>,
    /// Policy of the audit [default: `pullwright-audit.yaml` in each directory among the paths]
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Let kustomize fetch remote resources
    #[arg(long)]
    pub remote: bool,
}

/// Where pods run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunsOn {
    /// Nodes of AKS, whose kubelet identity may have access.
    Aks,
    /// Virtual nodes of AKS, which have no kubelet identity.
    AksVirtualNode,
    /// Other nodes, without an Azure identity.
    Other,
}

/// A namespace as it is in a manifest.
fn namespace(text: &str) -> Result<String, String> {
    match (Namespace::RULE.check)(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(fault) => Err(fault.why),
    }
}
