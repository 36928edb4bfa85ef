//! Flags and arguments, and nothing else.

mod audit;
mod prune;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::diag::Format;
use crate::plan::MAX_FILES;
use crate::strategy::capability::StrategyKind;

pub use crate::cli::args::audit::{Audit, Reading, RunsOn};

/// The name of a config, where none is given.
pub const DEFAULT_CONFIG: &str = "pullwright.yaml";
/// The name of the schema that `init` writes for editors.
pub const SCHEMA_FILE: &str = "pullwright.schema.json";

/// Let Kubernetes pods pull from protected Azure Container Registries: generate manifests and
/// scripts from one config.
#[derive(Debug, Parser)]
#[command(
    name = "pullwright",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
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
    Init(Init),
    /// Validate configs without rendering
    Validate(Validate),
    /// Write the files that differ, all or nothing
    Render(Render),
    /// Show what `render` would change
    Diff(Diff),
    /// Check that rendered files match their configs (one line per config)
    Check(Check),
    /// Check that every pod of some manifests can pull every image
    Audit(Audit),
    /// Run as a KRM function: read objects from stdin, add pull access, write them to stdout
    Fn(Function),
    /// Explain how the pods of an object pull their images, or a message
    Explain(Explain),
    /// Explain why a pod cannot pull, from its events, its status or a log
    Why(Why),
    /// Print the JSON Schema of the config, or of the policy of `audit`
    Schema(Schema),
    /// List the built-in templates, describe their variables, or copy them for customization
    Templates(Templates),
    /// Print a completion script for a shell
    Completions {
        /// Shell to complete commands in
        shell: Shell,
    },
    /// Print a manual page
    Man {
        /// Command to document [default: pullwright itself]
        command: Option<String>,
    },
}

/// Flags of `schema`.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// Document that the schema describes
    #[arg(long, value_enum, default_value_t)]
    pub kind: SchemaKind,
}

/// Documents with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SchemaKind {
    /// The config, of kind `PullAccess`.
    #[default]
    Config,
    /// The policy of `audit`, of kind `PullAudit`.
    Audit,
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
    /// Remove files that the config no longer generates
    #[arg(long)]
    pub prune: bool,
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
}

/// Flags of `diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Configs and output directory.
    #[command(flatten)]
    pub source: Source,
    /// Show files that `render --prune` would remove as removed
    #[arg(long)]
    pub prune: bool,
    /// Output format
    #[arg(long, value_enum, default_value = Format::Text.name())]
    pub format: Format,
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

/// Flags of `explain`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
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

/// Flags of `templates`.
#[derive(Debug, clap::Args)]
pub struct Templates {
    /// List, describe, or copy out.
    #[command(subcommand)]
    pub action: TemplatesAction,
}

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub enum TemplatesAction {
    /// List the names of the built-in templates
    List,
    /// Show the variables of a template with their types
    Show {
        /// Name of the template, as `templates list` prints it
        name: String,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: PageFormat,
    },
    /// Copy built-in templates into a directory for customization
    Eject {
        /// Names of templates, as `templates list` prints them
        #[arg(required = true)]
        names: Vec<String>,
        /// Output directory; `-` prints to stdout
        #[arg(long, value_name = "DIR", default_value = "templates")]
        to: PathBuf,
        /// Replace files that exist
        #[arg(long)]
        force: bool,
    },
}
