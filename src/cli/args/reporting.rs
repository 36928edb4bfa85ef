//! How much a run prints, and whether warnings decide about its exit code.

use crate::cli::args::Command;

/// Flags of `validate`, `render`, `diff`, `check` and `audit`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Reporting {
    /// Print errors, warnings and findings only
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print each file as well, also those that are up to date or were not read
    #[arg(long, short)]
    pub verbose: bool,
    /// Exit with 1 if there are warnings
    #[arg(long)]
    pub deny_warnings: bool,
}

impl Command {
    /// How much it prints.
    pub fn reporting(&self) -> Reporting {
        match self {
            Self::Validate(args) => args.reporting,
            Self::Render(args) => args.reporting,
            Self::Diff(args) => args.reporting,
            Self::Check(args) => args.reporting,
            Self::Audit(args) => args.reporting,
            Self::Init(_)
            | Self::Fn(_)
            | Self::Explain(_)
            | Self::Why(_)
            | Self::Script(_)
            | Self::Schema(_)
            | Self::Templates(_)
            | Self::Completions { .. }
            | Self::Man { .. }
            | Self::Version => Reporting::default(),
        }
    }
}

/// How much a run prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Errors, warnings and findings.
    Quiet,
    /// What was done as well.
    Normal,
    /// Each file as well.
    Verbose,
}

impl Reporting {
    /// How much is printed.
    pub fn detail(self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        }
    }
}
