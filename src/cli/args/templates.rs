//! Flags and arguments of `templates`.

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::{PageFormat, help};

/// Flags of `templates`.
#[derive(Debug, clap::Args)]
#[command(disable_help_subcommand = true)]
pub struct Templates {
    /// List, describe, or copy out.
    #[command(subcommand)]
    pub action: TemplatesAction,
}

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub enum TemplatesAction {
    /// List the names of the built-in templates
    #[command(after_long_help = help::after("templates list"))]
    List,
    /// Show the variables of a template with their types
    #[command(after_long_help = help::after("templates show"))]
    Show {
        /// Name of the template, as `templates list` prints it
        name: String,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: PageFormat,
    },
    /// Compare your own templates with the built-in ones that they replace
    #[command(after_long_help = help::after("templates diff"))]
    Diff {
        /// Names of templates, as `templates list` prints them [default: all that are in the directory]
        names: Vec<String>,
        /// Directory of your own templates, as `spec.templates` sets it
        #[arg(long, value_name = "DIR", default_value = "templates")]
        from: PathBuf,
    },
    /// Copy built-in templates into a directory for customization
    #[command(after_long_help = help::after("templates eject"))]
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
