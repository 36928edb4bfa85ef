//! Where a secret may be by mistake: in what the schema marks `writeOnly`, and below that.

use serde_json::Value;

use crate::contract::Contract;
use crate::pointer::{Pointer, Step};

/// Whether a secret may have been pasted here, in place of a credential or of the name of a variable.
/// Other fields of a credential are shown.
pub(super) fn is_private(contract: &'static Contract, pointer: &Pointer) -> bool {
    let mut here = vec![&contract.schema];
    let mut is_below = false;
    let mut is_marked = false;
    for step in &pointer.0 {
        let fields: Vec<&'static Value> = here
            .into_iter()
            .flat_map(|one| fields(contract, one, step))
            .collect();
        is_marked = fields.iter().any(|field| field["writeOnly"] == true);
        is_below |= is_marked;
        here = fields
            .into_iter()
            .map(|one| contract.resolved(one))
            .collect();
    }
    let is_mapping = |node: &&Value| node["properties"].is_object();
    is_marked || (is_below && (here.is_empty() || here.iter().any(is_mapping)))
}

/// What the schema defines for a key or an element, in whichever branch.
fn fields(contract: &'static Contract, node: &'static Value, step: &Step) -> Vec<&'static Value> {
    let mut found = Vec::new();
    for branch in node["allOf"].as_array().into_iter().flatten() {
        found.extend(fields(contract, contract.resolved(&branch["then"]), step));
    }
    match step {
        Step::Index(_) => found.extend(node.get("items")),
        Step::Key(key) => match node["properties"].get(key) {
            Some(field) => found.push(field),
            None => {
                let patterns = node["patternProperties"].as_object();
                found.extend(patterns.into_iter().flat_map(|all| all.values()));
                let others = node.get("additionalProperties");
                found.extend(others.filter(|others| others.is_object()));
            }
        },
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::config::schema::CONTRACT;
    use crate::contract::private::is_private;
    use crate::pointer::Pointer;

    fn pointer(path: &str) -> Pointer {
        let start = Pointer::root().key("spec").key("access").index(0);
        path.split('/')
            .fold(start, |pointer, step| match step.parse() {
                Ok(index) => pointer.index(index),
                Err(_) => pointer.key(step),
            })
    }

    #[test]
    fn only_what_may_be_a_secret_is_private() {
        for path in [
            "secret/credential",
            "secret/credential/usernameFrom",
            "secret/credential/passwordFrom",
            "secret/credential/passwordFrom/0",
            "secret/credential/password",
            "secret/credentials",
            "secret/credentials/youruniquename",
            "secret/credentials/clusters",
            "secret/credentials/youruniquename/passwordFrom",
            "secret/credentials/youruniquename/nonsense/deeper",
        ] {
            assert!(is_private(&CONTRACT, &pointer(path)), "{path}");
        }
        for path in [
            "secret",
            "secret/name",
            "secret/delivery",
            "secret/nonsense",
            "secret/credential/type",
            "secret/credential/name",
            "secret/credential/scopeMap",
            "secret/credential/appId",
            "secret/credential/path",
            "secret/credential/expiresInDays",
            "secret/credential/repositories",
            "secret/credential/repositories/0",
            "secret/credentials/youruniquename/name",
            "workloads/0/name",
            "strategy",
        ] {
            assert!(!is_private(&CONTRACT, &pointer(path)), "{path}");
        }
    }
}
