//! Flags and arguments of `script`.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::artifact::ScriptKind;
use crate::cli::args::DEFAULT_CONFIG;

/// Flags of `script`.
#[derive(Debug, clap::Args)]
pub struct Script {
    /// Name of the access entry
    pub entry: String,
    /// Config with the entry; `-` reads stdin
    #[arg(long, value_name = "FILE", default_value = DEFAULT_CONFIG)]
    pub config: PathBuf,
    /// Cluster that the script acts on; required if the entry has several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Kind of the script; required if the entry has several
    #[arg(long, value_enum)]
    pub kind: Option<ScriptKind>,
}

impl ValueEnum for ScriptKind {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()).help(self.about()))
    }
}
