//! The steps of a failure: remedies with its own words in them.

use crate::names::{ImageReference, azure};
use crate::why::failure::Failure;
use crate::why::remedy::{When, remedies};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, in a sentence.
    pub text: String,
    /// The command that does it. Words in capitals are for the reader to replace; those that the failure tells
    /// are replaced.
    pub command: Option<String>,
}

/// The steps for a failure, with the words of the failure in them.
pub(super) fn steps(failure: &Failure) -> Vec<Step> {
    let words = words(failure);
    remedies(failure.cause)
        .iter()
        .filter(|remedy| is_for(remedy.when, failure))
        .map(|remedy| Step {
            text: filled(remedy.text, &words),
            command: remedy.command.map(|command| filled(command, &words)),
        })
        .collect()
}

fn is_for(when: When, failure: &Failure) -> bool {
    let host = failure.registry.as_deref().unwrap_or_default();
    match when {
        When::Always => true,
        When::Azure => failure.is_azure() != Some(false),
        When::Regional => failure.is_azure() == Some(true) && host.contains(".geo."),
    }
}

/// Whether a shell takes a text for one word, so that it can stand in a command.
pub fn is_plain(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._:/@-".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_part)
}

/// The placeholders that a failure tells the words for.
fn words(failure: &Failure) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut add = |word, value: Option<&str>| {
        all.extend(
            value
                .filter(|value| is_plain(value))
                .map(|value| (word, value.to_owned())),
        );
    };
    let image = failure.image.as_deref();
    let parsed = image.and_then(|image| ImageReference::parse(image).ok());
    let registry = failure.registry.as_deref();
    add("HOST", registry);
    // A domain name label adds `-HASH` to the name, which has no dash itself.
    let azure = registry.filter(|_| failure.is_azure() == Some(true));
    let name = azure.and_then(|host| host.split(['.', '-']).next());
    add("REGISTRY", name);
    add("IMAGE", parsed.as_ref().and(image));
    add(
        "REPOSITORY",
        parsed.as_ref().map(|image| image.parts().repository),
    );
    let pod = failure.pods.first();
    add("POD", pod.map(|pod| pod.name.as_str()));
    add("NAMESPACE", pod.and_then(|pod| pod.namespace.as_deref()));
    if let [secret] = failure.secrets.as_slice() {
        add("SECRET", Some(secret));
    }
    let address = failure.address.as_deref().or(registry).map(azure::host_of);
    add("ADDRESS", address.as_deref());
    add("IP", failure.client.as_deref());
    all
}

/// The text with the placeholders replaced that there are words for.
fn filled(text: &str, words: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_uppercase()) {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = after.find(|c: char| !is_part(c)).unwrap_or(after.len());
        let (word, next) = after.split_at(end);
        let is_whole = !before.ends_with(is_part);
        let found = words.iter().find(|(name, _)| is_whole && *name == word);
        out.push_str(found.map_or(word, |(_, value)| value));
        rest = next;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::why::step::filled;

    #[test]
    fn only_whole_words_are_replaced() {
        let words = [("POD", "web-1".to_owned())];
        assert_eq!(
            filled("get POD PODS aPOD POD_ID POD", &words),
            "get web-1 PODS aPOD POD_ID web-1"
        );
    }
}
