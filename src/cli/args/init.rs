//! Flags and arguments of `init`.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::cli::args::DEFAULT_CONFIG;
use crate::strategy::capability::StrategyKind;

/// Flags of `init`.
#[derive(Debug, Clone, clap::Args)]
pub struct Init {
    /// File to write; `-` prints to stdout
    #[arg(default_value = DEFAULT_CONFIG)]
    pub file: PathBuf,
    /// Serve the manifests in this file or directory and leave them as they are; `-` reads stdin
    #[arg(long, value_name = "PATH", conflicts_with_all = ["registry", "image", "service_account"])]
    pub from: Vec<PathBuf>,
    /// Name or login server of the registry, for a new workload
    #[arg(long)]
    pub registry: Option<String>,
    /// How pods get pull access [default: attach on AKS, else secret; with --from what the pods reference]
    #[arg(long, value_enum)]
    pub strategy: Option<StrategyKind>,
    /// Name of the config [default: sample; with --from the name of the directory]
    #[arg(long)]
    pub name: Option<String>,
    /// Namespace of the workload, or of objects that set none [default: default]
    #[arg(long)]
    pub namespace: Option<String>,
    /// Image that the workload runs, with or without its login server
    #[arg(long)]
    pub image: Option<String>,
    /// Name of the Secret [default: acr-secret]
    #[arg(long)]
    pub secret: Option<String>,
    /// Name of the ServiceAccount, for strategy `serviceAccount` [default: sample-account]
    #[arg(long)]
    pub service_account: Option<String>,
    /// Name of the cluster that scripts act on; if omitted, Secrets are placeholders
    #[arg(long)]
    pub cluster: Option<String>,
    /// Resource group of an AKS cluster; if omitted, the cluster is of kind `generic`
    #[arg(long, requires = "cluster")]
    pub resource_group: Option<String>,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
}

impl ValueEnum for StrategyKind {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()).help(self.about()))
    }
}
