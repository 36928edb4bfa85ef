//! Comments that say which objects an entry serves.

use std::collections::BTreeSet;

use crate::adopt::Need;

/// More objects are counted.
const MOST: usize = 20;

/// One line for the sentence, and one for each object.
pub(super) fn comments(sentence: &str, needs: &[&Need]) -> Vec<String> {
    let objects: BTreeSet<String> = needs.iter().map(|need| object(need)).collect();
    let mut all = vec![format!("{sentence}:")];
    all.extend(objects.iter().take(MOST).map(|one| format!("  {one}")));
    if objects.len() > MOST {
        all.push(format!("  and {} more", objects.len() - MOST));
    }
    all
}

fn object(need: &Need) -> String {
    let identity = &need.object.identity;
    let name = match (&identity.generate_name, identity.name.as_str()) {
        (Some(prefix), "") => format!("{prefix}*"),
        (_, name) => name.to_owned(),
    };
    format!("{}/{name} in namespace {}", identity.kind, need.namespace)
}
