//! Edits of random texts: whatever the style, the edited text has the values of the changed tree, and the
//! rest of the text is kept.

use std::sync::Arc;

use proptest::prelude::*;
use pullwright::document::edit::{apply, edits};
use pullwright::document::{Change, Document, Node, quote};
use pullwright::pointer::Pointer;
use pullwright::span::{Source, Span};
use serde_json::{Value, json};

/// The style of a node.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// 0 is block style, 1 flow on one line, 2 flow on several, 3 JSON.
    style: u8,
    /// Whether dashes are at the column of their key.
    flush: bool,
    /// Whether there is a comment or a blank line after it.
    comment: u8,
    /// 0 is plain where that is safe, 1 in single quotes, 2 in double quotes, 3 a block.
    scalar: u8,
}

fn looks() -> impl Strategy<Value = Look> {
    (0..4_u8, any::<bool>(), 0..4_u8, 0..4_u8).prop_map(|(style, flush, comment, scalar)| Look {
        style,
        flush,
        comment,
        scalar,
    })
}

fn trees() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just(String::new()),
        "[a-z]{1,6}",
        "[ -~]{0,12}",
        Just("two\nlines\n".to_owned()),
        Just("é # \"x\": '".to_owned()),
        Just("no".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|number| json!(number)),
        text.prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Writes a tree in the styles of `looks`, one after the other.
struct Writer<'a> {
    looks: &'a [Look],
    next: usize,
    newline: &'a str,
    out: String,
}

impl Writer<'_> {
    fn look(&mut self) -> Look {
        self.next += 1;
        self.looks[self.next % self.looks.len()]
    }

    fn end_line(&mut self, look: Look) {
        match look.comment {
            1 => self.out.push_str("   # a comment: {x, \"y\"}"),
            2 => self.out.push_str(self.newline),
            _ => {}
        }
        self.out.push_str(self.newline);
    }

    fn block(&mut self, value: &Value, indent: usize) {
        let pad = " ".repeat(indent);
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    self.out.push_str(&format!("{pad}{}:", quote::string(key)));
                    self.below(value, indent);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.out.push_str(&format!("{pad}-"));
                    self.below(item, indent);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, value: &Value, indent: usize) {
        let look = self.look();
        let is_collection = match value {
            Value::Object(map) => !map.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if is_collection && look.style == 0 {
            let is_list = value.is_array();
            let of_key = self.out.ends_with(':');
            self.end_line(look);
            let flush = look.flush && is_list && of_key;
            self.block(value, indent + if flush { 0 } else { 2 });
            return;
        }
        self.out.push(' ');
        match (value, look.scalar) {
            (Value::String(text), 1) if !text.contains('\n') => {
                self.out
                    .push_str(&format!("'{}'", text.replace('\'', "''")));
            }
            (Value::String(text), 3) if text == "two\nlines\n" => {
                let pad = " ".repeat(indent + 2);
                let newline = self.newline;
                self.out
                    .push_str(&format!("|{newline}{pad}two{newline}{pad}lines{newline}"));
                return;
            }
            (Value::String(text), _) => self.out.push_str(&quote::double_quoted(text)),
            (Value::Null, 1) => {}
            _ => self.flow(value, look, indent + 4),
        }
        self.end_line(look);
    }

    fn flow(&mut self, value: &Value, look: Look, indent: usize) {
        let text = match look.style {
            3 => quote::json(value),
            2 => {
                let pretty = serde_json::to_string_pretty(value).expect("it is JSON");
                let pad = format!("{}{}", self.newline, " ".repeat(indent));
                pretty.replace('\n', &pad)
            }
            _ => quote::inline(value),
        };
        self.out.push_str(&text);
    }
}

fn read(text: &str) -> Node {
    let document = Document::parse(Arc::new(Source::new("test", text)));
    document
        .unwrap_or_else(|_| panic!("not YAML:\n{text}"))
        .root
}

/// All mappings without the new key, and all lists.
fn places(node: &Node, at: &Pointer, found: &mut Vec<Pointer>) {
    if node.is_list() || !node.entries().is_empty() {
        found.push(at.clone());
    }
    for entry in node.entries() {
        places(&entry.value, &at.key(&entry.key), found);
    }
    for (index, item) in node.items().iter().enumerate() {
        places(item, &at.index(index), found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_edited_text_has_the_values_of_the_changed_tree(
        tree in trees(),
        looks in prop::collection::vec(looks(), 1..12),
        crlf in any::<bool>(),
        ends in any::<bool>(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let root = json!({"top": tree, "tail": [{"name": "x"}]});
        let mut writer = Writer {
            looks: &looks,
            next: 0,
            newline: if crlf { "\r\n" } else { "\n" },
            out: String::new(),
        };
        writer.block(&root, 0);
        let mut text = writer.out;
        if !ends {
            text.truncate(text.trim_end().len());
        }
        let mut tree = read(&text);
        prop_assert_eq!(tree.value(), root, "{}", &text);
        let mut all = Vec::new();
        places(&tree, &Pointer::root(), &mut all);
        let mut at: Vec<&Pointer> = picks.iter().map(|pick| pick.get(&all)).collect();
        at.sort();
        at.dedup();
        let value = json!([{"name": "new-secret"}]);
        let changes: Vec<Change> = at
            .into_iter()
            .map(|at| match tree.find(at).is_some_and(Node::is_list) {
                true => Change::Append { at: at.clone(), items: vec![Node::from(json!({"name": "new-secret"}))] },
                false => Change::Set { at: at.clone(), entries: vec![("newKey".to_owned(), Node::from(value.clone()))] },
            })
            .collect();
        let edits = edits(&text, &tree, &changes).expect("all of it is written once");
        let out = apply(&text, Span::new(0..text.len()), &edits);
        for change in &changes {
            change.apply(&mut tree);
        }
        prop_assert_eq!(read(&out).value(), tree.value(), "{}\n=>\n{}", text, out);
        // Text is only added.
        let mut rest = out.as_str();
        for line in text.lines() {
            let line = line.trim_end();
            let mut chars = line.chars();
            prop_assert!(chars.all(|c| match rest.find(c) {
                Some(at) => { rest = &rest[at + c.len_utf8()..]; true }
                None => false,
            }), "{} is not in\n{}", line, out);
        }
        prop_assert_eq!(out.contains("\r\n"), text.contains("\r\n") );
    }
}
