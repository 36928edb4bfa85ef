//! Exit codes that several commands share.

use crate::cli::Exit;

pub(super) const FAILED: (Exit, &str) = (Exit::Failed, "invalid usage or config, or I/O error");
pub(super) const SUCCESS: &[(Exit, &str)] = &[
    (Exit::Ok, "success"),
    (Exit::Failed, "invalid usage, or I/O error"),
];

pub(super) const SUCCESS_OF_CONFIG: &[(Exit, &str)] = &[(Exit::Ok, "success"), FAILED];
