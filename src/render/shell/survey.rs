//! Finds the place of each label of a script.

use std::collections::BTreeMap;

use brush_parser::Token;

use crate::render::shell::call::Call;
use crate::render::shell::clear::{Unclear, first_unclear};
use crate::render::shell::labels::Labels;
use crate::render::shell::place::Place;
use crate::render::shell::rules::{Lists, Reason, judge};
use crate::render::shell::variables::Known;
use crate::render::shell::walk::{Role, Visitor, walk};
use crate::render::shell::word::{Quote, look};
use crate::verify::{Script, read};

/// A place for a label, or why it is not allowed.
type Verdict = Result<Place, Reason>;

/// The verdict on each of `count` labels of `text`, which `script` is.
pub(super) fn survey(script: &Script, text: &str, labels: &Labels, count: usize) -> Vec<Verdict> {
    let mut notes = Notes::default();
    walk(&script.program, &mut notes);
    let mut judges = Judge {
        labels,
        known: notes.known,
        verdicts: BTreeMap::new(),
    };
    walk(&script.program, &mut judges);
    let mut verdicts = judges.verdicts;
    let chars: Vec<char> = text.chars().collect();
    let aliases = text.contains("BASH_ALIASES").then_some(Unclear {
        at: 0,
        what: "`BASH_ALIASES`",
    });
    let unclear = notes
        .unclear
        .or(aliases)
        .or_else(|| first_unclear(script, &chars, labels));
    let mut places = vec![None; count];
    let gaps = Gaps::new(script, &chars);
    let (mut at, mut byte) = (0, 0);
    for (mark, range) in labels.find(text) {
        at += text[byte..range.start].chars().count();
        byte = range.start;
        let verdict = match (verdicts.remove(&mark), unclear) {
            (Some(Some(Err(reason))), _) => Err(reason),
            (_, Some(unclear)) if unclear.at <= at => Err(behind(unclear.what)),
            (Some(Some(verdict)), _) => verdict,
            // The parser saw it twice: it is not known which of them bash sees.
            (Some(None), _) => Err(Reason::unquotable("here")),
            (None, _) if gaps.comment(at) => Ok(Place::Comment),
            (None, _) => Err(Reason::unquotable("here")),
        };
        if let Some(place) = places.get_mut(mark) {
            *place = Some(verdict);
        }
    }
    let missing = || Err(Reason::unquotable("here"));
    places
        .into_iter()
        .map(|one| one.unwrap_or_else(missing))
        .collect()
}

fn behind(what: &str) -> Reason {
    Reason {
        why: format!("cannot determine how bash reads a value inside or after {what}"),
        help: "put the value into a variable at the top of the script, `readonly NAME={{ value }}`, and use \"${NAME}\" here",
    }
}

/// What is between the words of a script.
struct Gaps<'a> {
    chars: &'a [char],
    /// End and start of each token, and whether it ends a line.
    tokens: Vec<(usize, usize, bool)>,
}

impl<'a> Gaps<'a> {
    fn new(script: &Script, chars: &'a [char]) -> Self {
        let place = |token: &Token| {
            let span = token.location();
            (span.end.index, span.start.index, token.to_str() == "\n")
        };
        let mut tokens: Vec<_> = script.tokens.iter().map(place).collect();
        tokens.sort_unstable();
        Self { chars, tokens }
    }

    /// Whether a character is in a comment: after a `#` that begins one, up to the end of a line.
    fn comment(&self, at: usize) -> bool {
        let next = self.tokens.partition_point(|(end, ..)| *end <= at);
        let start = match self.tokens.get(next) {
            Some((_, start, true)) if *start <= at => *start,
            Some(_) => return false,
            None => self.tokens.last().map_or(0, |(end, ..)| *end),
        };
        let Some(mut gap) = self.chars.get(start..at) else {
            return false;
        };
        while let [' ' | '\t', rest @ ..] | ['\\', '\n', rest @ ..] = gap {
            gap = rest;
        }
        gap.first() == Some(&'#') && !gap.contains(&'\n')
    }
}

/// What must be known of the whole script before its first word is judged.
#[derive(Default)]
struct Notes {
    known: Known,
    unclear: Option<Unclear>,
}

impl Visitor for Notes {
    fn call(&mut self, call: &Call) {
        self.known.note(call);
        if reads_otherwise(call) {
            self.unclear = Some(Unclear {
                at: 0,
                what: "an option or alias that changes how bash parses scripts",
            });
        }
    }

    fn array(&mut self, name: &str) {
        self.known.note_array(name);
    }

    fn function(&mut self, name: &str) {
        self.known.note_function(name);
    }

    fn word(&mut self, _: Role<'_>, text: &str) {
        self.known.note_subscripts(text);
    }
}

/// Whether a call makes bash read what follows in a way of its own. Switching that off does not.
fn reads_otherwise(call: &Call) -> bool {
    let named = |word: &str| ["expand_aliases", "histexpand", "history", "posix"].contains(&word);
    let said: Vec<String> = (0..call.arguments.len())
        .filter_map(|at| call.said(at))
        .collect();
    let words = || said.iter().map(String::as_str);
    match call.name.as_deref() {
        Some("alias") => true,
        Some("shopt") => words().next() != Some("-u") && words().any(named),
        Some("set") => {
            let before = std::iter::once("").chain(words());
            let mut pairs = before.zip(words());
            pairs.any(|(before, word)| {
                (named(word) && before != "+o")
                    || (word.starts_with('-') && word.contains(['H', 'k']))
            })
        }
        _ => false,
    }
}

struct Judge<'a> {
    labels: &'a Labels,
    known: Known,
    /// By label; nothing if it was seen twice.
    verdicts: BTreeMap<usize, Option<Verdict>>,
}

impl Judge<'_> {
    fn say(&mut self, mark: usize, verdict: Verdict) {
        let once = !self.verdicts.contains_key(&mark);
        self.verdicts.insert(mark, once.then_some(verdict));
    }

    fn look_inside(&mut self, text: &str) {
        let mut notes = Notes {
            known: std::mem::take(&mut self.known),
            unclear: None,
        };
        let script = read(text).inspect(|script| walk(&script.program, &mut notes));
        self.known = notes.known;
        match script {
            Ok(script) if notes.unclear.is_none() => walk(&script.program, self),
            _ => {
                for (mark, _) in self.labels.find(text) {
                    self.say(mark, Err(Reason::unquotable("in such commands")));
                }
            }
        }
    }
}

impl Visitor for Judge<'_> {
    fn word(&mut self, role: Role<'_>, text: &str) {
        if !self.labels.touch(text) {
            return;
        }
        if let Role::Never(_) | Role::Evaluated(_) = role {
            let verdict = judge(role, false, &self.known).map(|_| Place::Single);
            for (mark, _) in self.labels.find(text) {
                self.say(mark, verdict.clone());
            }
            return;
        }
        let found = look(text, self.labels);
        for (mark, why) in found.refused {
            self.say(mark, Err(Reason::unquotable(why)));
        }
        let alone = |mark| text == self.labels.of(mark);
        for (mark, quote) in found.quoted {
            let verdict = judge(role, found.pattern, &self.known).map(|lists| match quote {
                Quote::Bare if !alone(mark) => Place::Bare(Lists::Refused),
                quote => Place::new(quote, lists),
            });
            self.say(mark, verdict);
        }
        // What evaluates the word evaluates what commands in it print.
        let evaluated = judge(role, false, &self.known).err();
        for commands in found.commands {
            match &evaluated {
                None => self.look_inside(&commands),
                Some(reason) => {
                    for (mark, _) in self.labels.find(&commands) {
                        self.say(mark, Err(reason.clone()));
                    }
                }
            }
        }
    }
}
