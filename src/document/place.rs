//! Resolves the pointers of problems to places in a document.

use std::sync::Arc;

use crate::diag::problem::{Focus, Rewrite};
use crate::diag::{Diagnostic, Edit, Fix, Problem};
use crate::document::{Data, Document};
use crate::pointer::{Pointer, Step};
use crate::span::{Place, Source};

impl Document {
    /// The diagnostic of a problem at the place of its pointer. If that does not exist, the nearest existing
    /// parent is used, and there is no fix.
    pub fn place(&self, problem: Problem) -> Diagnostic {
        self.place_in(problem, &self.source)
    }

    /// As [`Document::place`], with the excerpt from `source`: the text of the document with more of it
    /// hidden.
    pub fn place_in(&self, problem: Problem, source: &Arc<Source>) -> Diagnostic {
        let Problem {
            code,
            pointer,
            focus,
            message,
            label,
            related,
            help,
            rewrite,
        } = problem;
        let (document, pointer) = self.locate(&pointer);
        // What is hidden of this document is hidden in this one alone.
        let source_of = |found: &Document| match std::ptr::eq(found, self) {
            true => Arc::clone(source),
            false => Arc::clone(&found.source),
        };
        let found = source_of(document);
        let node = document.find(&pointer);
        let (span, is_whole) = match focus {
            Focus::Key => (document.step_span(&pointer), node.is_some()),
            Focus::Value => {
                let is_scalar = node.is_some_and(|node| matches!(node.data, Data::Scalar(_)));
                (document.value_span(&pointer), is_scalar)
            }
        };
        let mut diagnostic = Diagnostic::new(code, message)
            .at(&found, span)
            .label(label)
            .identified_by(document.path_of_names(&pointer));
        diagnostic.help = help;
        for (pointer, role) in related {
            let (document, pointer) = self.locate(&pointer);
            let source = source_of(document);
            diagnostic = diagnostic.related(&source, document.value_span(&pointer), role);
        }
        match rewrite {
            Some(Rewrite {
                title,
                safety,
                text,
            }) if is_whole => {
                let place = Place {
                    source: found,
                    span,
                };
                let edits = vec![Edit { place, text }];
                diagnostic.fix(Fix {
                    title,
                    safety,
                    edits,
                })
            }
            _ => diagnostic,
        }
    }

    /// A pointer as it stays when a list gets further elements: those that have a name are told by it.
    fn path_of_names(&self, pointer: &Pointer) -> String {
        let mut node = Some(&self.root);
        let mut path = String::new();
        for step in &pointer.0 {
            let here = Pointer(vec![step.clone()]);
            node = node.and_then(|node| node.find(&here));
            match step {
                Step::Key(key) => path.push_str(&format!("/{key}")),
                Step::Index(_) => {
                    let name = node.and_then(|node| node.find(&Pointer::root().key("name")));
                    let name = name.and_then(|name| match &name.data {
                        Data::Scalar(value) => value.as_str(),
                        Data::Sequence(_) | Data::Mapping(_) => None,
                    });
                    path.push_str(&format!("/[{}]", name.unwrap_or_default()));
                }
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diag::{Code, Problem, Safety};
    use crate::document::Document;
    use crate::pointer::Pointer;
    use crate::span::Source;

    fn placed(problem: Problem) -> (String, Option<String>, Vec<String>) {
        let text = "a: {b: 1, c: [x, y]}\n";
        let document = Document::parse(Arc::new(Source::new("f", text))).expect("it is YAML");
        let one = document.place(problem);
        let of = |range: std::ops::Range<usize>| text[range].to_owned();
        let place = one.place.expect("it has a place");
        let fix = one.fix.map(|fix| {
            let edit = &fix.edits[0];
            let span = edit.place.span;
            format!("{}{}{}", &text[..span.start], edit.text, &text[span.end..])
        });
        let related = one.related.iter().map(|(place, _)| of(place.span.range()));
        (of(place.span.range()), fix, related.collect())
    }

    #[test]
    fn a_problem_shows_its_key_or_its_value_and_fixes_what_it_shows() {
        let a = Pointer::root().key("a");
        let new = |pointer: &Pointer| {
            Problem::new(Code::UnknownValue, pointer, "wrong").rewrite("", Safety::Unsafe, "new")
        };
        let fixed = |text: &str| Some(text.to_owned());
        let (shown, fix, _) = placed(new(&a.key("b")));
        assert_eq!(
            (shown.as_str(), fix),
            ("1", fixed("a: {b: new, c: [x, y]}\n"))
        );
        let (shown, fix, _) = placed(new(&a.key("b")).at_key());
        assert_eq!(
            (shown.as_str(), fix),
            ("b", fixed("a: {new: 1, c: [x, y]}\n"))
        );
        // A collection is shown by its key, which must not be replaced.
        let (shown, fix, _) = placed(new(&a.key("c")));
        assert_eq!((shown.as_str(), fix), ("c", None));
        let (shown, fix, _) = placed(new(&a.key("d")));
        assert_eq!((shown.as_str(), fix), ("a", None));
        let twice = new(&a.key("c").index(1)).related(&a.key("c").index(0), "first");
        assert_eq!(placed(twice).2, ["x"]);
    }
}
