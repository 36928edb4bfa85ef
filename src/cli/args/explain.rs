//! Flags and arguments of `explain` and `why`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::cli::args::{Reading, help};
use crate::diag::Format;

/// Flags of `explain`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Explain {
    /// What to explain.
    #[command(subcommand)]
    pub topic: Option<Topic>,
    /// Object to explain, for example `Deployment/web`
    #[arg(value_name = "KIND/NAME", required = true)]
    pub object: Option<String>,
    /// Files, globs or directories with manifests (respecting .gitignore); `-` reads stdin
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// What is known besides the manifests.
    #[command(flatten)]
    pub reading: Reading,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// Flags of `why`.
#[derive(Debug, clap::Args)]
pub struct Why {
    /// Output of `kubectl describe pod`, `kubectl get events` or `kubectl get pod -o yaml`, a log of the
    /// kubelet or of containerd, or an error message; `-` reads stdin
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// Files, globs or directories with the manifests of the pods (respecting .gitignore), to find what the
    /// failures are about in them; `-` reads stdin
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What is known besides the manifests.
    #[command(flatten)]
    pub reading: Reading,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// What can be explained.
#[derive(Debug, Subcommand)]
pub enum Topic {
    /// Explain the code of a message: what it means, why it matters, how to fix it
    #[command(after_long_help = help::after("explain rule"))]
    Rule {
        /// Code, as in `error[CODE]`; if omitted, all codes are listed
        code: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: PageFormat,
    },
}

/// How a page is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PageFormat {
    /// Human-readable text.
    #[default]
    Text,
    /// One JSON value on stdout.
    Json,
}

impl From<PageFormat> for Format {
    fn from(format: PageFormat) -> Self {
        match format {
            PageFormat::Text => Self::Text,
            PageFormat::Json => Self::Json,
        }
    }
}
