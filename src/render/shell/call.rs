//! A command with its arguments, as far as they are literal in the script.

use std::cell::OnceCell;

use brush_parser::ast::{CommandPrefixOrSuffixItem, SimpleCommand};

use crate::render::shell::format::format;
use crate::render::shell::names;
use crate::render::shell::subscript::without_quotes;

/// A simple command.
#[derive(Debug)]
pub(super) struct Call {
    /// The name without directories, after `command` and `builtin`; `None` if the script computes it.
    pub(super) name: Option<String>,
    /// The arguments as they are written, those of `command` and `builtin` left out.
    pub(super) arguments: Vec<String>,
    /// Words that take what follows for code, in their order.
    pub(super) takers: Vec<Taker>,
    /// The place of `--`, counted as that of a [`Taker`].
    pub(super) dashes: Option<usize>,
    format: OnceCell<Option<usize>>,
    /// How many words in front were left out.
    skipped: usize,
    /// Whether the name may be the beginning of `name[an index with blanks]=`, or hides in `$'…'`; whether
    /// braces or a process substitution make other words of those that are written.
    pub(super) odd: bool,
    /// Whether the name is not what is written.
    pub(super) computed: bool,
}

/// A word of a command that takes what follows for code, or for names of variables.
#[derive(Debug)]
pub(super) struct Taker {
    /// 0 for the name of the command, 1 for its first argument.
    pub(super) at: usize,
    /// The word without directories.
    pub(super) word: String,
    /// Whether it does so wherever it is, and not only as a command.
    pub(super) always: bool,
}

impl Taker {
    fn of(at: usize, word: &str) -> Option<Self> {
        let word = without_folders(word);
        let always = names::interprets(word);
        let as_command = at > 0
            && (names::runs(word)
                || names::evaluates(word)
                || ["printf", "test", "[", "jq"].contains(&word));
        (always || as_command).then(|| Self {
            at,
            word: word.to_owned(),
            always,
        })
    }
}

impl Call {
    /// What the script contains of it.
    pub(super) fn new(simple: &SimpleCommand) -> Self {
        let mut arguments: Vec<String> = simple
            .suffix
            .iter()
            .flat_map(|suffix| &suffix.0)
            .filter_map(|item| match item {
                CommandPrefixOrSuffixItem::Word(word)
                | CommandPrefixOrSuffixItem::AssignmentWord(_, word) => Some(word.value.clone()),
                CommandPrefixOrSuffixItem::IoRedirect(_)
                | CommandPrefixOrSuffixItem::ProcessSubstitution(..) => None,
            })
            .collect();
        let word = simple.word_or_name.as_ref().map(|word| word.value.as_str());
        let index = word
            .and_then(|word| word.split_once('['))
            .is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            });
        let hidden = word.is_some_and(|word| word.contains("$'") || word.contains("$\""));
        let words = || word.into_iter().chain(arguments.iter().map(String::as_str));
        let expanded = words().any(has_braces);
        let substituted = simple
            .suffix
            .iter()
            .flat_map(|suffix| &suffix.0)
            .any(|item| matches!(item, CommandPrefixOrSuffixItem::ProcessSubstitution(..)));
        let computed = hidden || word.is_some_and(has_braces);
        let mut name = word.and_then(said);
        let mut skipped = 0;
        while matches!(name.as_deref(), Some("command" | "builtin")) {
            let Some(next) = arguments.get(skipped).and_then(|word| said(word)) else {
                break;
            };
            let is_option = next == "--" || next == "-p";
            if next.starts_with('-') && !is_option {
                break;
            }
            skipped += 1;
            if !is_option {
                name = Some(next);
            }
        }
        arguments.drain(..skipped);
        let name = name.map(|name| without_folders(&name).to_owned());
        let said: Vec<Option<String>> = std::iter::once(name.clone())
            .chain(arguments.iter().map(|word| said(word)))
            .collect();
        let words = || said.iter().enumerate();
        let takers = words().filter_map(|(at, word)| Taker::of(at, word.as_deref()?));
        let dashes = words().find(|(_, word)| word.as_deref() == Some("--"));
        Self {
            takers: takers.collect(),
            dashes: dashes.map(|(at, _)| at),
            format: OnceCell::new(),
            name,
            arguments,
            skipped,
            odd: index || hidden || expanded || substituted,
            computed,
        }
    }

    /// Whether it takes assignments as arguments.
    pub(super) fn declares(&self) -> bool {
        let names = ["declare", "typeset", "local", "readonly", "export"];
        self.name
            .as_deref()
            .is_some_and(|name| names.contains(&name))
    }

    /// Whether it may declare arrays.
    pub(super) fn declares_array(&self) -> bool {
        let arrays = |letters: String| letters.contains(['a', 'A']);
        self.declares() && self.options().is_none_or(arrays)
    }

    /// The place among `arguments` of the word at this place in the script; `None` for a word in
    /// front of the command itself.
    pub(super) fn place(&self, at: usize) -> Option<usize> {
        at.checked_sub(self.skipped)
    }

    /// The place of the format of `printf`, if values may be after it.
    pub(super) fn format(&self) -> Option<usize> {
        *self.format.get_or_init(|| format(&self.arguments))
    }

    /// An argument, if it is literal in the script.
    pub(super) fn said(&self, at: usize) -> Option<String> {
        self.arguments.get(at).and_then(|word| said(word))
    }

    /// The letters of all words that may be options; `None` if one of them is computed.
    pub(super) fn options(&self) -> Option<String> {
        let mut letters = String::new();
        for word in &self.arguments {
            if has_braces(word) {
                return None;
            }
            if !word.starts_with(['-', '+', '$', '"', '\'', '\\', '`']) {
                continue;
            }
            letters.push_str(said(word)?.trim_start_matches(['-', '+']));
        }
        Some(letters)
    }
}

/// Whether bash may make several words of one, by `{a,b}` or `{1..3}`.
fn has_braces(word: &str) -> bool {
    let bare = without_quotes(word).replace("${", "");
    bare.contains('{') && (bare.contains(',') || bare.contains(".."))
}

/// What a word means, if bash computes nothing in it.
pub(super) fn said(word: &str) -> Option<String> {
    let computed = word.contains(['$', '`', '*', '?', '{']);
    (!computed).then(|| brush_parser::unquote_str(word))
}

/// The name of a program.
pub(super) fn without_folders(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
