//! Messages out of lines: `kubectl describe`, tables of events, logs, and bare messages.

use std::collections::HashMap;

use crate::why::signature;
use crate::why::subject::{self, Pod};

/// A message that may tell why a pull fails, with what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// The message, in one line, with its reason if that is known.
    pub(super) text: String,
    /// The pod that it is about.
    pub(super) pod: Option<Pod>,
    /// The image, if the message itself does not name it.
    pub(super) image: Option<String>,
}

/// Words of a row before its message: age, type, reason, object, in some order.
const COLUMNS: usize = 8;

/// What the lines so far tell about the next one.
#[derive(Default)]
struct Around {
    /// The pod of `kubectl describe`.
    pod: Option<Pod>,
    /// Whether the first column of a table is the namespace.
    has_namespaces: bool,
    /// The heading of the section.
    section: String,
    /// The container of the section.
    container: String,
    /// The images of the containers so far.
    images: HashMap<String, String>,
}

/// The text without colours of a terminal.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split("\u{1b}[");
    out.extend(pieces.next());
    for piece in pieces {
        let end = piece.find(|c: char| ('@'..='~').contains(&c));
        out.push_str(end.and_then(|end| piece.get(end + 1..)).unwrap_or(piece));
    }
    out
}

/// The message with the quotes of logs taken off, which escape those in it.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        out.push_str(before);
        let behind = escaped.trim_start_matches('\\');
        let known = [
            ("\"", "\""),
            ("u0027", "'"),
            ("u0026", "&"),
            ("n", " "),
            ("t", " "),
        ];
        let found = known
            .into_iter()
            .find_map(|(code, means)| Some((behind.strip_prefix(code)?, means)));
        rest = match found {
            Some((behind, means)) => {
                out.push_str(means);
                behind
            }
            None => {
                out.push('\\');
                behind
            }
        };
    }
    out.push_str(rest);
    out
}

/// Every line that may tell a cause, with what the lines before it tell about it.
pub(super) fn of_lines(text: &str) -> Vec<Message> {
    let mut around = Around::default();
    let mut messages = Vec::new();
    for line in text.lines() {
        around.read(line);
        if signature::may_tell(line) {
            messages.push(around.message(line));
        }
    }
    messages
}

/// The whole text as one message: for one that a terminal or a mail folded.
pub(super) fn folded(text: &str) -> Message {
    let words: Vec<&str> = text.split_whitespace().collect();
    Around::default().message(&words.join(" "))
}

impl Around {
    /// Takes note of a line of `kubectl describe`, or of a table's header.
    fn read(&mut self, line: &str) {
        let Some(first) = line.chars().next() else {
            return;
        };
        if !first.is_whitespace() {
            self.read_heading(line);
        } else if self.section.ends_with("Containers") {
            let bare = line.trim();
            if let Some(image) = bare.strip_prefix("Image:") {
                self.images
                    .insert(self.container.clone(), image.trim().to_owned());
            } else if let Some(name) = line
                .strip_prefix("  ")
                .and_then(|rest| rest.strip_suffix(':'))
                && !name.starts_with(' ')
            {
                self.container = name.to_owned();
            }
        }
    }

    fn read_heading(&mut self, line: &str) {
        if line.starts_with("NAMESPACE ") || line.starts_with("LAST SEEN ") {
            *self = Self {
                has_namespaces: line.starts_with("NAMESPACE "),
                ..Self::default()
            };
            return;
        }
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        match (key, value.trim()) {
            ("Name", name) if !name.is_empty() => {
                *self = Self {
                    pod: Some(Pod {
                        namespace: None,
                        name: name.to_owned(),
                    }),
                    ..Self::default()
                }
            }
            ("Namespace", namespace) if !namespace.is_empty() => {
                if let Some(pod) = &mut self.pod {
                    pod.namespace = Some(namespace.to_owned());
                }
            }
            (key, "") => {
                key.clone_into(&mut self.section);
                self.container.clear();
            }
            _ => {}
        }
    }

    fn message(&self, line: &str) -> Message {
        let text = unescaped(line.trim());
        let pod = self.in_row(&text).or_else(|| in_log(&text));
        Message {
            pod: pod.or_else(|| self.pod.clone()),
            image: self.image(&text).cloned(),
            text,
        }
    }

    /// The image of the container that a line is about: the one that it names, that it is below, or the
    /// only one of the pod.
    fn image(&self, text: &str) -> Option<&String> {
        if self.section.ends_with("Containers") {
            return self.images.get(&self.container);
        }
        let named = ["ontainers{", "for \""].iter().find_map(|before| {
            let (_, rest) = text.split_once(before)?;
            let end = rest.find(['}', '"'])?;
            self.images.get(rest.get(..end)?)
        });
        let mut all = self.images.values();
        named.or_else(|| all.next().filter(|_| self.images.len() == 1))
    }

    /// `pod/NAME` in a table of events.
    fn in_row(&self, text: &str) -> Option<Pod> {
        let name = text.split_whitespace().take(COLUMNS).find_map(|word| {
            let (kind, name) = word.split_once('/')?;
            kind.eq_ignore_ascii_case("pod").then_some(name)
        })?;
        let namespace = text
            .split_whitespace()
            .next()
            .filter(|_| self.has_namespaces);
        Some(Pod {
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        })
    }
}

/// `pod="NAMESPACE/NAME"` of the kubelet, `("NAME_NAMESPACE(UID)")` of older ones.
fn in_log(text: &str) -> Option<Pod> {
    let quoted = text.split_once("pod=\"").and_then(|(_, rest)| {
        let (pod, _) = rest.split_once('"')?;
        pod.split_once('/')
    });
    let old = || {
        let (_, rest) = text.split_once("(\"")?;
        let (name, namespace) = rest.split_once('(')?.0.split_once('_')?;
        Some((namespace, name))
    };
    let (namespace, name) = quoted.or_else(old)?;
    let is_name = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        !text.is_empty() && text.chars().all(is_part)
    };
    (is_name(namespace) && is_name(name)).then(|| Pod {
        namespace: Some(namespace.to_owned()),
        name: name.to_owned(),
    })
}

/// The image of a message: the one that it names itself comes first.
pub(super) fn image(message: &Message, masked: &str, lower: &str) -> Option<String> {
    subject::image(masked, lower).or_else(|| message.image.clone())
}

#[cfg(test)]
mod tests {
    use crate::why::message::{plain, unescaped};

    #[test]
    fn quotes_of_logs_and_colours_go() {
        assert_eq!(
            unescaped(r#"err="a \"b\" \\\"c\\\" \u0027d\u0027\x""#),
            "err=\"a \"b\" \"c\" 'd'\\x\""
        );
        assert_eq!(plain("\u{1b}[31;1mred\u{1b}[0m \u{1b}[2Jx"), "red x");
        assert_eq!(plain("\u{1b}["), "");
    }
}
