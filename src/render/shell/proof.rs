//! A second proof: a script with its values is the script without them, word for word.

use brush_parser::word::{WordPiece, WordPieceWithSource};

use crate::render::shell::labels::Labels;
use crate::render::shell::walk::{Role, Visitor, walk};
use crate::render::shell::word::pieces;
use crate::verify::{Script, read};

/// Whether `filled` holds the commands and words of `labelled`, with each label become its value.
pub(super) fn same(
    labelled: &[String],
    filled: &[String],
    labels: &Labels,
    value: impl Fn(usize) -> String,
) -> bool {
    let same = |(want, have): (&String, &String)| match labels.touch(want) {
        true => labels.replace(want, &value) == *have,
        false => want == have,
    };
    labelled.len() == filled.len() && labelled.iter().zip(filled).all(same)
}

/// All words of a script with what bash makes of their quotes.
pub(super) fn words(script: &Script) -> Vec<String> {
    let mut words = Words::default();
    walk(&script.program, &mut words);
    words.0
}

#[derive(Default)]
struct Words(Vec<String>);

impl Visitor for Words {
    fn word(&mut self, role: Role<'_>, text: &str) {
        let kind = match role {
            Role::Argument(..) => "argument",
            Role::Assigned(..) => "assigned",
            Role::Element(_) => "element",
            Role::Item(_) => "item",
            Role::Subject => "subject",
            Role::Tested => "tested",
            Role::File => "file",
            Role::Never(why) | Role::Evaluated(why) => why,
        };
        let mut meaning = format!("{kind} ");
        if text.contains(['$', '`', '\'', '"', '\\', '~']) {
            match pieces(text) {
                Some(pieces) => self.mean_all(&pieces, &mut meaning),
                None => meaning.push_str(text),
            }
        } else {
            meaning.push_str(text);
        }
        self.0.push(meaning);
    }
}

impl Words {
    fn mean_all(&mut self, pieces: &[WordPieceWithSource], out: &mut String) {
        for piece in pieces {
            match &piece.piece {
                WordPiece::Text(text) | WordPiece::SingleQuotedText(text) => out.push_str(text),
                WordPiece::EscapeSequence(text) => out.push_str(text.get(1..).unwrap_or_default()),
                WordPiece::DoubleQuotedSequence(inner) => self.mean_all(inner, out),
                WordPiece::CommandSubstitution(text) => {
                    out.push_str("$()");
                    match read(text) {
                        Ok(script) => walk(&script.program, self),
                        Err(_) => out.push_str(text),
                    }
                }
                other => out.push_str(&format!("{other:?}")),
            }
        }
    }
}
