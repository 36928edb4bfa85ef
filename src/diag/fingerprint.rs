//! What stays the same of a message when lines move: services recognize it by that from run to run.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::diag::{Diagnostic, ObjectReference};
use crate::pointer::{Pointer, Step};

impl Diagnostic {
    /// 64 hex digits that are the same from run to run as long as the message is about the same: its code,
    /// file, object, field and [`Diagnostic::identity`] are part of it. Lines, positions in lists, and the
    /// words of the message are not, unless nothing else tells what it is about.
    pub fn fingerprint(&self) -> String {
        self.fingerprint_in(plain(self.file()))
    }

    /// The same with another name of the file, such as one that does not depend on the working directory.
    pub fn fingerprint_in(&self, file: &str) -> String {
        let subject = self.subject.as_deref();
        let object = subject.and_then(|one| one.object.as_ref());
        let field = subject.map(|one| without_positions(&one.field));
        let field = field.unwrap_or_default();
        let words = match (object, field.as_str(), self.identity.as_str()) {
            (None, "", "") if self.label.is_empty() => without_counts(&self.message),
            (None, "", "") => without_counts(&self.label),
            (_, _, _) => String::new(),
        };
        let [group, kind, namespace, name] = object.map(names).unwrap_or_default();
        of(&[
            self.code.id(),
            file,
            group,
            kind,
            namespace,
            name,
            &field,
            &self.identity,
            &words,
        ])
    }
}

/// The fingerprint of what these parts tell apart.
pub(super) fn of(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        // With its length, so that no two lists of parts are the same text.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How often each fingerprint appeared: two messages may have the same one.
#[derive(Debug, Default)]
pub(super) struct Occurrences(HashMap<String, usize>);

impl Occurrences {
    /// Counts one more, from 1.
    pub(super) fn count(&mut self, fingerprint: &str) -> usize {
        let count = self.0.entry(fingerprint.to_owned()).or_default();
        *count += 1;
        *count
    }
}

/// A path as services know it: without `./`.
pub(super) fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// API group, kind, namespace and name: the version may change while the object stays the same.
fn names(object: &ObjectReference) -> [&str; 4] {
    let group = object.api_version.split_once('/');
    [
        group.map_or("", |(group, _)| group),
        &object.kind,
        object.namespace.as_deref().unwrap_or_default(),
        &object.name,
    ]
}

/// `spec.containers[].image`
fn without_positions(field: &Pointer) -> String {
    let steps = field.0.iter().map(|step| match step {
        Step::Key(key) => format!("/{key}"),
        Step::Index(_) => "/[]".to_owned(),
    });
    steps.collect()
}

/// A sentence without its numbers, but for those in backticks: they are part of names.
fn without_counts(sentence: &str) -> String {
    let mut is_name = false;
    let keep = |c: &char| {
        is_name ^= *c == '`';
        is_name || !c.is_ascii_digit()
    };
    sentence.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use crate::diag::{Code, Diagnostic, ObjectReference, Subject};
    use crate::pointer::Pointer;
    use crate::span::{Source, Span};

    fn about(kind: &str, name: &str, index: usize, identity: &str) -> Diagnostic {
        let object = ObjectReference {
            api_version: "apps/v1".to_owned(),
            kind: kind.to_owned(),
            namespace: Some("web".to_owned()),
            name: name.to_owned(),
        };
        let containers = Pointer::root().key("spec").key("containers");
        let subject = Subject::object(object).field(containers.index(index).key("image"));
        Diagnostic::new(Code::ImageTag, format!("image {index} has no tag"))
            .about(subject.in_file("./app.yaml", Some(index)))
            .identified_by(identity)
    }

    #[test]
    fn it_tells_messages_apart_by_what_they_are_about() {
        let one = about("Deployment", "app", 0, "c");
        let all = [
            one.clone(),
            about("StatefulSet", "app", 0, "c"),
            about("Deployment", "other", 0, "c"),
            about("Deployment", "app", 0, "d"),
            // The parts of a list are not joined to one text.
            about("Deploymen", "tapp", 0, "c"),
            Diagnostic::new(Code::ImageTag, "`a1` has no tag"),
            Diagnostic::new(Code::ImageTag, "`a2` has no tag"),
            Diagnostic::new(Code::ImageHost, "`a2` has no tag"),
            Diagnostic::new(Code::ImageTag, "x").about(Subject::file("a.yaml")),
            Diagnostic::new(Code::ImageTag, "x").about(Subject::file("b.yaml")),
        ];
        let prints: BTreeSet<String> = all.iter().map(Diagnostic::fingerprint).collect();
        assert_eq!(prints.len(), all.len());
        let is_hex = |one: &String| one.len() == 64 && one.chars().all(|c| c.is_ascii_hexdigit());
        assert!(prints.iter().all(is_hex));
    }

    #[test]
    fn lines_positions_versions_and_counts_change_nothing() {
        let mut moved = about("Deployment", "app", 3, "c");
        let object = moved.subject.as_mut().and_then(|one| one.object.as_mut());
        object.expect("it has one").api_version = "apps/v1beta2".to_owned();
        assert_eq!(
            moved.fingerprint(),
            about("Deployment", "app", 0, "c").fingerprint()
        );
        let at = |text: &str, count: usize| {
            let source = Arc::new(Source::new("a.yaml", text));
            let end = source.text.len();
            Diagnostic::new(Code::Syntax, format!("{count} problems in `a1`"))
                .at(&source, Span::new(end - 1..end))
                .fingerprint()
        };
        assert_eq!(at("a", 1), at("\n\n a", 12));
    }
}
