//! Flags and arguments, and nothing else.

mod audit;
mod explain;
pub mod help;
mod init;
mod prune;
mod reporting;
mod schema;
mod script;
mod templates;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::diag::Format;
use crate::plan::MAX_FILES;

pub use crate::cli::args::audit::{Audit, Reading, RunsOn};
pub use crate::cli::args::explain::{Explain, PageFormat, Topic, Why};
pub use crate::cli::args::init::Init;
pub use crate::cli::args::prune::PruneKind;
pub use crate::cli::args::reporting::{Detail, Reporting};
pub use crate::cli::args::schema::{Schema, SchemaKind};
pub use crate::cli::args::script::Script;
pub use crate::cli::args::templates::{Templates, TemplatesAction};

/// The name of a config, where none is given.
pub use crate::artifact::DEFAULT_CONFIG;
/// The name of the schema that `init` writes for editors.
pub const SCHEMA_FILE: &str = "pullwright.schema.json";

/// Let Kubernetes pods pull from protected Azure Container Registries: generate manifests and
/// scripts from one config.
#[derive(Debug, Parser)]
#[command(
    name = "pullwright",
    version,
    max_term_width = 100,
    after_help = "Begin with `pullwright audit .` in a directory of manifests, or with `pullwright init`.\nExamples: `pullwright --help`, and `pullwright help COMMAND`.",
    after_long_help = help::after("")
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Flags of every command.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Common {
    /// When to use colours; NO_COLOR switches `auto` off
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    pub color: When,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a config
    #[command(after_long_help = help::after("init"))]
    Init(Init),
    /// Validate configs without rendering
    #[command(after_long_help = help::after("validate"))]
    Validate(Validate),
    /// Write the files that differ, all or nothing
    #[command(after_long_help = help::after("render"))]
    Render(Render),
    /// Show what `render` would change
    #[command(after_long_help = help::after("diff"))]
    Diff(Diff),
    /// Check that rendered files match their configs (one line per config)
    #[command(after_long_help = help::after("check"))]
    Check(Check),
    /// Print one script that needs no other file
    #[command(after_long_help = help::after("script"))]
    Script(Script),
    /// Check that every pod of some manifests can pull every image
    #[command(after_long_help = help::after("audit"))]
    Audit(Audit),
    /// Run as a KRM function: read objects from stdin, add pull access, write them to stdout
    #[command(after_long_help = help::after("fn"))]
    Fn(Function),
    /// Explain how the pods of an object pull their images, or a message
    #[command(after_long_help = help::after("explain"))]
    Explain(Explain),
    /// Explain why a pod cannot pull, from its events, its status or a log
    #[command(after_long_help = help::after("why"))]
    Why(Why),
    /// Print the JSON Schema of the config, of the policy of `audit`, or of an output in JSON
    #[command(after_long_help = help::after("schema"))]
    Schema(Schema),
    /// List the built-in templates, describe their variables, or copy them for customization
    #[command(after_long_help = help::after("templates"))]
    Templates(Templates),
    /// Print a completion script for a shell
    #[command(after_long_help = help::after("completions"))]
    Completions {
        /// Shell to complete commands in
        shell: Shell,
    },
    /// Print a manual page
    #[command(after_long_help = help::after("man"))]
    Man {
        /// Command to document [default: pullwright itself]
        command: Option<String>,
    },
    /// Print the version
    #[command(after_long_help = help::after("version"))]
    Version,
}

/// Where configs come from, and where their files go.
#[derive(Debug, Clone, clap::Args)]
pub struct Source {
    /// Files, globs or directories (searched for `pullwright.yaml`, respecting .gitignore); `-` reads stdin
    #[arg(value_name = "CONFIG", default_value = DEFAULT_CONFIG)]
    pub configs: Vec<PathBuf>,
    /// Output directory, for a single config [default: `spec.output`, else `k8s` next to the config]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Refuse a config that generates more files than this, each counted once per 2 KiB
    #[arg(long, value_name = "N", default_value_t = MAX_FILES)]
    pub max_files: usize,
}

/// How the result of a run is written, and where.
#[derive(Debug, Clone, clap::Args)]
pub struct ResultTo {
    /// Output format
    #[arg(long, value_enum, default_value = Format::Text.name())]
    pub format: Format,
    /// Write the output to this file instead of stdout, and text for people to stderr
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Flags of `validate`.
#[derive(Debug, clap::Args)]
pub struct Validate {
    /// Files, globs or directories (searched for `pullwright.yaml`, respecting .gitignore); `-` reads stdin
    #[arg(value_name = "CONFIG", default_value = DEFAULT_CONFIG)]
    pub configs: Vec<PathBuf>,
    /// How the result is written, and where.
    #[command(flatten)]
    pub result: ResultTo,
    /// How much is printed.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// Flags of `render`.
#[derive(Debug, clap::Args)]
pub struct Render {
    /// Configs and output directory.
    #[command(flatten)]
    pub source: Source,
    /// Print the manifests to stdout instead of writing files
    #[arg(long, conflicts_with_all = ["out", "dry_run", "force", "prune", "format", "exit_code"])]
    pub stdout: bool,
    /// Show what would change without writing files
    #[arg(long)]
    pub dry_run: bool,
    /// Overwrite files that were edited by hand
    #[arg(long)]
    pub force: bool,
    /// Remove files that the config no longer generates; scripts are kept unless `--prune=scripts` is given
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "manifests")]
    pub prune: Option<PruneKind>,
    /// Exit with 1 if files changed, or would change with --dry-run
    #[arg(long)]
    pub exit_code: bool,
    /// Succeed if a directory contains no config, for hooks
    #[arg(long)]
    pub allow_empty: bool,
    /// Write a Secret in clear text even where git would track it
    #[arg(long)]
    pub allow_plaintext: bool,
    /// Output format
    #[arg(long, value_enum, default_value = Format::Text.name())]
    pub format: Format,
    /// How much is printed.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// Flags of `diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Configs and output directory.
    #[command(flatten)]
    pub source: Source,
    /// Show files that `render --prune` would remove as removed
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "manifests")]
    pub prune: Option<PruneKind>,
    /// Show how many lines differ of each file instead of the lines
    #[arg(long, conflicts_with = "name_only")]
    pub stat: bool,
    /// Show the names of the files that differ only
    #[arg(long)]
    pub name_only: bool,
    /// Output format
    #[arg(long, value_enum, default_value = Format::Text.name())]
    pub format: Format,
    /// How much is printed.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// What `diff` prints of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffForm {
    /// The lines that differ.
    Whole,
    /// How many those are.
    Stat,
    /// Its name.
    Names,
}

impl Diff {
    /// What is printed of a file.
    pub fn form(&self) -> DiffForm {
        match (self.stat, self.name_only) {
            (true, _) => DiffForm::Stat,
            (false, true) => DiffForm::Names,
            (false, false) => DiffForm::Whole,
        }
    }
}

/// Flags of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Configs and output directory.
    #[command(flatten)]
    pub source: Source,
    /// Also report output files that git does not track and a commit would leave out
    #[arg(long)]
    pub tracked: bool,
    /// Succeed if a directory contains no config, for hooks
    #[arg(long)]
    pub allow_empty: bool,
    /// How the result is written, and where.
    #[command(flatten)]
    pub result: ResultTo,
    /// How much is printed.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// Flags of `fn`.
#[derive(Debug, clap::Args)]
pub struct Function {
    /// Config for a plain stream of objects; if omitted, stdin is a `ResourceList` with the config as its functionConfig
    pub config: Option<PathBuf>,
    /// Allow Secrets in clear text in the output, as generated by `delivery: manifest`
    #[arg(long)]
    pub allow_plaintext: bool,
    /// Install pullwright as a plugin for `kubectl kustomize --enable-alpha-plugins` and exit
    #[arg(long, conflicts_with_all = ["config", "allow_plaintext"])]
    pub install_plugin: bool,
}
