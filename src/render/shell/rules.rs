//! The short list of places where a value may be.

use crate::artifact::ScriptKind;
use crate::render::shell::call::{Call, Taker, said};
use crate::render::shell::names;
use crate::render::shell::variables::Known;
use crate::render::shell::walk::Role;

/// Whether a list may be in a place: as many words as it has elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// One more word or one less does no harm.
    Fit,
    /// One word must stay one word.
    Refused,
}

/// Why a place is not on the list, after "a value cannot …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// The reason.
    pub(super) why: String,
    /// What to do.
    pub(super) help: &'static str,
}

/// Quotes cannot be put there, but a variable can.
const VARIABLE: &str = "assign the value to a variable on a separate line, `readonly NAME={{ value }}`, and use \"${NAME}\" here";
/// A variable would be evaluated just as well.
const TEXT: &str = "assign the value to a variable on a separate line, `readonly NAME={{ value }}`, and compare it as text, `[[ \"${NAME}\" == text ]]`; what evaluates a variable evaluates the value";
/// A variable inside of code is code.
const DATA: &str = "keep the value out of the code: assign it on a separate line, `readonly NAME={{ value }}`, and pass \"${NAME}\" as data: an argument after the code, or standard input";
/// The name is the fault.
const NAME: &str = "assign the value to a variable of another name";

impl Reason {
    /// No value may be there.
    pub(super) fn never(place: &str) -> Self {
        Self {
            why: format!("a value cannot be {place}"),
            help: VARIABLE,
        }
    }

    /// A value cannot be quoted there.
    pub(super) fn unquotable(place: &str) -> Self {
        Self {
            why: format!("a value cannot be quoted {place}"),
            help: VARIABLE,
        }
    }

    fn evaluated(place: &str) -> Self {
        Self {
            why: format!("bash evaluates a value {place}, quoted or not"),
            help: TEXT,
        }
    }

    fn code(command: &str) -> Self {
        Self {
            why: format!("`{command}` may run or evaluate a value among its arguments"),
            help: DATA,
        }
    }
}

/// Whether a value may be in a word of this role; `pattern` if the word holds signs of one.
pub(super) fn judge(role: Role<'_>, pattern: bool, known: &Known) -> Result<Lists, Reason> {
    match role {
        Role::Argument(call, at) => argument(call, at, known),
        Role::Assigned(name, Some(call)) if known.is_array(name) || call.declares_array() => {
            Err(Reason {
                why: format!(
                    "`{}` evaluates the elements of an array in a value of `{name}`",
                    call.name.as_deref().unwrap_or_default()
                ),
                help: "assign it without a command, `name={{ value }}`, or in brackets, `name=({{ value }})`",
            })
        }
        Role::Assigned(name, _) => assigned(name, known).map(|()| Lists::Refused),
        Role::Element(name) | Role::Item(name) => assigned(name, known).map(|()| Lists::Fit),
        Role::Tested if pattern => Err(Reason::never("a part of a pattern")),
        Role::Subject | Role::Tested | Role::File => Ok(Lists::Refused),
        Role::Never(place) => Err(Reason::never(place)),
        Role::Evaluated(place) => Err(Reason::evaluated(place)),
    }
}

fn assigned(name: &str, known: &Known) -> Result<(), Reason> {
    if names::acts(name) {
        return Err(Reason {
            why: format!(
                "a value cannot be assigned to `{name}`, which bash or a program interprets"
            ),
            help: NAME,
        });
    }
    if known.evaluates(name) {
        return Err(Reason {
            why: format!(
                "a value cannot be assigned to `{name}`, which is declared to be evaluated"
            ),
            help: NAME,
        });
    }
    Ok(())
}

fn argument(call: &Call, at: usize, known: &Known) -> Result<Lists, Reason> {
    let Some(at) = call.place(at) else {
        return Err(Reason::never("the name of a command"));
    };
    if call.odd {
        return Err(Reason::evaluated("that is an argument of such a command"));
    }
    // A function may run its arguments, and so may a program after `--`.
    let is_function = call
        .name
        .as_deref()
        .is_some_and(|name| known.is_function(name));
    let handed_on = if is_function { Some(0) } else { call.dashes };
    let is_code = |one: &&Taker| one.always || handed_on.is_some_and(|start| start < one.at);
    let before = call.takers.iter().take_while(|one| one.at <= at);
    if let Some(one) = before.into_iter().find(is_code) {
        return Err(Reason::code(&one.word));
    }
    let Some(name) = call.name.as_deref() else {
        return Ok(Lists::Fit);
    };
    match name {
        "printf" if call.format().is_some_and(|format| at > format) => Ok(Lists::Fit),
        // `git -c alias.x='!…' x`
        "git" if at > 0 && call.said(at - 1).is_some_and(|word| word == "-c") => {
            Err(Reason::code(name))
        }
        "test" | "[" if tested(call, at) => Ok(Lists::Refused),
        "jq" if at >= 2 && call.said(at - 2).is_some_and(|word| word == "--arg") => {
            Ok(Lists::Refused)
        }
        "script" if at == 4 && is_declaration(call) => Ok(Lists::Refused),
        "printf" => Err(Reason::never("the format or an option of `printf`")),
        "test" | "[" => Err(Reason {
            why: format!("`{name}` may read a value as an operator here"),
            help: "compare it with `[[ \"${x}\" == {{ value }} ]]`",
        }),
        "jq" => Err(Reason {
            why: "a value cannot be a part of a jq program".to_owned(),
            help: "pass it as data: `jq --arg name {{ value }} '… $name …'`",
        }),
        _ if call.declares() => Err(Reason::never(
            "a variable name or an option of the declaration",
        )),
        _ if names::evaluates(name) || names::runs(name) => Err(Reason::code(name)),
        _ => Ok(Lists::Fit),
    }
}

/// Whether it is `script KIND --runtime N --owner VALUE`, which calls the function of the runtime. The program
/// `script` would run nothing: it knows no such option, or takes it for the name of a program.
fn is_declaration(call: &Call) -> bool {
    let kind = call.said(0);
    let is_kind = |one: &ScriptKind| kind.as_deref() == Some(one.word());
    let says = |at, word| call.said(at).as_deref() == Some(word);
    ScriptKind::ALL.iter().any(is_kind)
        && says(1, "--runtime")
        && call.said(2).is_some()
        && says(3, "--owner")
}

/// Whether bash cannot take the place for an operator: it counts the arguments.
fn tested(call: &Call, at: usize) -> bool {
    let mut words = call.arguments.as_slice();
    if call.name.as_deref() == Some("[") {
        let Some((last, rest)) = words.split_last() else {
            return false;
        };
        if last != "]" {
            return false;
        }
        words = rest;
    }
    match words {
        [operator, _] => {
            at == 1
                && ["-n", "-z", "-e", "-f", "-d", "-r", "-w", "-x", "-s"]
                    .contains(&operator.as_str())
        }
        [left, operator, right] => {
            let other = if at == 0 { right } else { left };
            at != 1 && ["=", "==", "!="].contains(&operator.as_str()) && one_word(other)
        }
        _ => false,
    }
}

/// Whether bash makes one word of it.
fn one_word(word: &str) -> bool {
    let quoted = word.len() > 1 && word.starts_with('"') && word.ends_with('"');
    said(word).is_some() || (quoted && !word[1..word.len() - 1].contains(['"', '@', '*']))
}
