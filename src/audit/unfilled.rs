//! Names that a tool fills in later, or that no object can have: they are not known yet.

use crate::manifest::reference;
use crate::names::Namespace;

/// The placeholder in a name: besides the usual ones `__name__` in any case, which no name has.
pub(super) fn token(name: &str) -> Option<String> {
    if let Some(token) = reference::token(name) {
        return Some(token.to_owned());
    }
    let (_, rest) = name.split_once("__")?;
    let (name, _) = rest.split_once("__")?;
    (!name.is_empty()).then(|| format!("__{name}__"))
}

/// The namespace, if it is known: a placeholder, or what no namespace is called, is not.
pub(super) fn known(namespace: Option<&str>) -> Option<&str> {
    namespace.filter(|one| (Namespace::RULE.check)(one).is_ok())
}
