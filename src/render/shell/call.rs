//! A command with its arguments, as far as the script says them in so many words.

use brush_parser::ast::{CommandPrefixOrSuffixItem, SimpleCommand};

/// A simple command.
#[derive(Debug)]
pub(super) struct Call {
    /// The name without folders, behind `command` and `builtin`; `None` if the script computes it.
    pub(super) name: Option<String>,
    /// The arguments as they are written, those of `command` and `builtin` left out.
    pub(super) arguments: Vec<String>,
    /// How many words in front were left out.
    skipped: usize,
    /// Whether the name may be the beginning of `name[an index with blanks]=`, or hides in `$'…'`.
    pub(super) odd: bool,
}

impl Call {
    /// What the script says of it.
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
        let mut name = word.and_then(said);
        let mut skipped = 0;
        while matches!(name.as_deref(), Some("command" | "builtin")) {
            let Some(next) = arguments.get(skipped).and_then(|word| said(word)) else {
                break;
            };
            if next.starts_with('-') && next != "--" {
                break;
            }
            skipped += 1;
            if next != "--" {
                name = Some(next);
            }
        }
        arguments.drain(..skipped);
        let name = name.map(|name| without_folders(&name).to_owned());
        Self {
            name,
            arguments,
            skipped,
            odd: index || hidden,
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

    /// An argument, if the script says it.
    pub(super) fn said(&self, at: usize) -> Option<String> {
        self.arguments.get(at).and_then(|word| said(word))
    }

    /// The letters of all options, up to the first word that is none; `None` if a word in front is
    /// computed.
    pub(super) fn options(&self) -> Option<String> {
        let mut letters = String::new();
        for word in &self.arguments {
            if !word.starts_with(['-', '+', '$', '"', '\'', '\\', '`']) {
                break;
            }
            letters.push_str(said(word)?.trim_start_matches(['-', '+']));
        }
        Some(letters)
    }
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
