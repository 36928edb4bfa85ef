//! The `help:` lines of all wrong configs: each is an order, and whoever follows it gets rid of the message.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Scratch, files, root, source};

/// Orders that need a decision or another file: nothing can follow them blindly.
const DECISIONS: &[&str] = &[
    "Kubernetes adds the time to it",
    "add `clusters: [",
    "add `credential: {",
    "add `model` to",
    "add `other` to",
    "add `pod: ",
    "add `pullSecrets`",
    "add `sample-container` to",
    "add `team` to",
    "add `x` to",
    "add a tag",
    "ask Azure",
    "begin each element of the list",
    "begin the file with",
    "check manifests with",
    "create a config with",
    "declare ",
    "generate it in one entry",
    "give each entry",
    "give each volume",
    "keep one document",
    "or add `",
    "remove `",
    "rename one of the two",
    "set `cloud`",
    "set `otherImages: allow`",
    "set another `scopeMap`",
    "set the same `repositories`",
    "use `",
    "write a mapping",
    "write a path",
];

/// A text and the place of a message in it.
struct Place<'a> {
    text: &'a str,
    /// The number of the line, from 0, and the byte in it.
    line: usize,
    column: usize,
}

impl<'a> Place<'a> {
    fn of(text: &'a str, message: &Value) -> Self {
        let number = |key: &str| message[key].as_u64().unwrap_or(1) as usize - 1;
        let line = text.lines().nth(number("line")).unwrap_or_default();
        let column = line.char_indices().nth(number("column"));
        Self {
            text,
            line: number("line"),
            column: column.map_or(line.len(), |(at, _)| at),
        }
    }

    /// The text with the rest of the line, from the place on, replaced.
    fn rest(&self, with: impl Fn(&str) -> String) -> String {
        self.lines(|number, line| {
            let (before, rest) = line.split_at(self.column.min(line.len()));
            match number == self.line {
                true => Some(format!("{before}{}", with(rest))),
                false => Some(line.to_owned()),
            }
        })
    }

    /// The text with its line replaced.
    fn whole(&self, with: impl Fn(&str) -> String) -> String {
        self.lines(|number, line| match number == self.line {
            true => Some(with(line)),
            false => Some(line.to_owned()),
        })
    }

    fn lines(&self, with: impl Fn(usize, &str) -> Option<String>) -> String {
        let lines = self.text.lines().enumerate();
        let lines = lines.filter_map(|(number, line)| with(number, line));
        lines.map(|line| line + "\n").collect()
    }
}

/// A word of a text replaced at its beginning.
fn word(rest: &str, with: impl Fn(&str) -> String) -> String {
    let end = rest.find([' ', ',', ']', '}', '\n']).unwrap_or(rest.len());
    format!("{}{}", with(&rest[..end]), &rest[end..])
}

/// The text after the order was followed; `None` for a decision.
fn follow(place: &Place<'_>, order: &str) -> Option<String> {
    let quoted = order.split('`').nth(1).unwrap_or_default().to_owned();
    let spaces = |line: &str, count: usize| format!("{}{}", " ".repeat(count), line.trim_start());
    let number = order.split(' ').find_map(|word| word.parse().ok());
    let is = |start: &str| order.starts_with(start);
    Some(if is("put a space after the colon") {
        place.rest(|rest| rest.replacen(':', ": ", 1))
    } else if is("put a space after the dash") {
        place.rest(|rest| rest.replacen('-', "- ", 1))
    } else if is("write a colon and a space in place of the `=`") {
        place.rest(|rest| rest.replacen(" = ", ": ", 1))
    } else if is("indent it by ") {
        place.whole(|line| spaces(line, number.unwrap_or_default()))
    } else if is("indent with spaces") {
        place.whole(|line| line.replacen('\t', "  ", 1))
    } else if is("write a space") {
        place.rest(|rest| format!(" {}", rest.trim_start_matches('\u{a0}')))
    } else if is("put the value in quotes") || is("quote the value if") {
        place.rest(|rest| word(rest, |value| format!("\"{value}\"")))
    } else if is("quote the value: ") || is("remove the quotes: ") || is("write a list: ") {
        place.rest(|rest| word(rest, |_| quoted.clone()))
    } else if is("close it with ") {
        place.whole(|line| format!("{line}{quoted}"))
    } else if is("close the quote") {
        place.rest(|rest| format!("{rest}{}", &rest[..1]))
    } else if is("begin a comment") {
        place.rest(|rest| rest.replacen("//", "#", 1))
    } else if is("remove the lines that begin with three backticks") {
        place.lines(|_, line| (!line.starts_with("```")).then(|| line.to_owned()))
    } else if is("keep what is right") {
        let (mut kept, mut is_theirs) = (String::new(), false);
        for line in place.text.lines() {
            match line.get(..7) {
                Some("<<<<<<<" | "|||||||") => {}
                Some("=======") => is_theirs = true,
                Some(">>>>>>>") => is_theirs = false,
                _ if is_theirs => {}
                _ => kept += &format!("{line}\n"),
            }
        }
        kept
    } else if is("keep one of the two; kubectl") {
        place.lines(|number, line| (number != place.line).then(|| line.to_owned()))
    } else if is("render the template first") || is("run `envsubst`") {
        place.rest(|rest| match rest.starts_with("{%") {
            true => String::new(),
            false => "youruniquename".to_owned(),
        })
    } else if is("write one, for example `") {
        match quoted.split_once(": ") {
            Some(_) => place.whole(|line| {
                let lead = line.len() - line.trim_start_matches([' ', '-']).len();
                format!("{}{quoted}", &line[..lead])
            }),
            None => place.rest(|rest| word(rest, |_| quoted.clone())),
        }
    } else if is("add it, for example `") {
        place.whole(|line| {
            let rest = &line[place.column..];
            let is_parent = rest.ends_with(':');
            let indent = place.column + if is_parent { 2 } else { 0 };
            match rest.strip_suffix('}') {
                Some(_) => format!("{}, {quoted}}}", line.trim_end_matches('}')),
                None => format!("{line}\n{}{quoted}", " ".repeat(indent)),
            }
        })
    } else if is("write `") {
        match quoted.as_str() {
            ":" | "-" => place.rest(|rest| quoted.clone() + &rest[rest.find(' ').unwrap_or(0)..]),
            key if order.contains(" in the key") => place.rest(|rest| {
                let value = rest.split_once(':').map_or("", |(_, value)| value);
                format!("{key}:{value}")
            }),
            _ => place.rest(|_| quoted.clone()),
        }
    } else {
        assert!(
            DECISIONS.iter().any(|start| is(start)),
            "nobody follows: {order}"
        );
        return None;
    })
}

/// The messages of `validate` about a text.
fn messages(text: &str) -> Vec<Value> {
    let outcome = Scratch::with_config(text).run(&["validate", "--format", "json"]);
    let mut value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let messages = value["configs"][0]["diagnostics"].take();
    messages.as_array().cloned().unwrap_or_default()
}

#[test]
fn every_order_of_a_message_works() {
    let mut followed = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in files(&root().join("tests/cases/errors")) {
        if file.extension().is_none_or(|one| one != "yaml") {
            continue;
        }
        let name = file.to_string_lossy().into_owned();
        let text = source(&format!("tests/cases/errors/{name}"));
        for message in messages(&text) {
            for order in message["help"].as_array().into_iter().flatten() {
                let order = order.as_str().expect("it is text");
                if order.starts_with("expected ") {
                    continue;
                }
                let Some(after) = follow(&Place::of(&text, &message), order) else {
                    continue;
                };
                followed.insert(order.split('`').next().unwrap_or_default().to_owned());
                let same = |one: &Value| {
                    one["message"] == message["message"] && one["line"] == message["line"]
                };
                if after == text || messages(&after).iter().any(same) {
                    wrong.push(format!("{name}: {order}\n{message}\n{after}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed.len() > 20, "{followed:#?}");
}
