//! Whether a document can matter, found by words in its text: most files of a tree do not.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Words in every document with an image, a pull secret, an account, or what creates one of them.
const WORDS: &[&str] = &[
    "image",
    "Image",
    "Secret",
    "ccount",
    "AcrPull",
    "ACRAccessToken",
    "PullAccess",
    "oci://",
    "package:",
    "\"package\"",
];

/// Kinds that never run pods, of which there are many and large ones: what describes fields called
/// `image`, and what may hold anything.
const WITHOUT_PODS: &[&str] = &["CustomResourceDefinition", "ConfigMap"];

/// Whether a document can matter. It must be an object, so it has a kind.
pub fn can_matter(text: &str) -> bool {
    static WORD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let mut builder = AhoCorasick::builder();
        // Only this kind of search uses the vectors of the machine.
        builder.match_kind(MatchKind::LeftmostFirst);
        builder.build(WORDS).ok()
    });
    let has_word = WORD.as_ref().is_none_or(|words| words.is_match(text));
    has_word && text.contains("kind") && !is_without_pods(text)
}

/// Whether a key `kind` at the beginning of a line names a kind without pods. A list of such objects
/// has it further in.
fn is_without_pods(text: &str) -> bool {
    let mut rest = text;
    loop {
        if let Some(after) = rest.strip_prefix("kind:") {
            let value = after.lines().next().unwrap_or_default().trim();
            let value = value.trim_matches(['"', '\'']);
            return WITHOUT_PODS.contains(&value);
        }
        let Some((_, next)) = rest.split_once("\nkind:") else {
            return false;
        };
        rest = rest
            .get(rest.len() - next.len() - "kind:".len()..)
            .unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::relevant::can_matter;

    #[test]
    fn documents_without_pods_are_left_out() {
        for (text, want) in [
            ("kind: Pod\nspec: {containers: [{image: a}]}\n", true),
            ("kind: Secret\n", true),
            ("kind: ServiceAccount\n", true),
            ("kind: Service\n", false),
            ("image: a\n", false),
            ("{\"kind\": \"Pod\", \"image\": \"a\"}", true),
            ("apiVersion: v1\nkind: ConfigMap\ndata: {image: a}\n", false),
            ("kind: \"CustomResourceDefinition\" \nimage: a\n", false),
            ("kind: CustomResourceDefinition\r\nimage: a\n", false),
            ("kind: List\nitems:\n- kind: ConfigMap\n  image: a\n", true),
            ("spec:\n  kind: ConfigMap\nimage: a\n", true),
        ] {
            assert_eq!(can_matter(text), want, "{text}");
        }
    }
}
