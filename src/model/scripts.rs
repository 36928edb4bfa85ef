//! How scripts are written.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the scripts of a config are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scripts {
    /// Where the code of the scripts is. Default: `shared`, one file that all scripts load.
    #[serde(default)]
    #[schemars(example = ScriptForm::Shared)]
    pub form: ScriptForm,
}

/// Where the code of scripts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ScriptForm {
    /// In one file that all scripts of the output directory load, `_runtime/pullwright.sh`. The scripts only hold data.
    #[default]
    Shared,
    /// In each script, which can then be copied elsewhere.
    Standalone,
}

impl ScriptForm {
    /// Whether each script contains the code.
    pub fn is_standalone(self) -> bool {
        match self {
            Self::Shared => false,
            Self::Standalone => true,
        }
    }
}
