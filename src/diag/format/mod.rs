//! The output formats: a file and a line of the table below for each.

mod annotation;
mod azure;
mod github;
mod json;
pub mod text;

use serde_json::Value;

use crate::diag::Report;

pub use crate::diag::format::annotation::Commands;

/// Declares the formats once: variant, module, name and the sentence of the help.
macro_rules! formats {
    ($($variant:ident $module:ident $name:literal $about:literal,)+) => {
        /// How the result of a run is written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Format {
            $(#[doc = $about] $variant,)+
        }

        impl Format {
            /// All formats, in the order of the help.
            pub const ALL: &[Format] = &[$(Format::$variant,)+];

            /// The word on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Format::$variant => $name,)+ }
            }

            /// What it is for, as the help says it.
            pub fn about(self) -> &'static str {
                match self { $(Format::$variant => $about,)+ }
            }

            fn form(self) -> &'static Form {
                match self { $(Format::$variant => &$module::FORM,)+ }
            }
        }
    };
}

formats! {
    Text text "text" "For people",
    Json json "json" "One JSON value on stdout",
    Github github "github" "Annotations of GitHub Actions on stdout, text on stderr",
    Azure azure "azure" "Annotations of Azure Pipelines on stdout, text on stderr",
}

/// What the file of a format says of it.
struct Form {
    /// Whether text for people is printed as well; else stdout holds the output and nothing else.
    has_text: bool,
    write: fn(&Run<'_>) -> Output,
}

/// What a run found, whatever the command.
#[derive(Debug, Default)]
pub struct Run<'a> {
    /// Whether there is nothing to do.
    pub ok: bool,
    /// The configs, in the order of the run.
    pub configs: Vec<OfConfig<'a>>,
    /// What ended the run before any config was read.
    pub stopped: Option<&'a Report>,
}

/// What a run found about one config.
#[derive(Debug)]
pub struct OfConfig<'a> {
    /// How messages name the config.
    pub config: &'a str,
    /// All messages about it and its output.
    pub report: &'a Report,
    /// What else the command tells, as data: an object, or null.
    pub fields: Value,
}

/// What a format prints on stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Nothing.
    Nothing,
    /// A JSON text.
    Json(String),
    /// Commands to a CI service.
    Commands(Commands),
}

impl Run<'_> {
    /// All reports, in the order they are shown.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        let configs = self.configs.iter().map(|one| one.report);
        self.stopped.into_iter().chain(configs)
    }
}

impl Format {
    /// Whether text for people is printed beside [`Format::write`]; else stdout holds what that returns
    /// and nothing else.
    pub fn has_text(self) -> bool {
        self.form().has_text
    }

    /// What stdout gets of a run.
    pub fn write(self, run: &Run<'_>) -> Output {
        (self.form().write)(run)
    }
}
