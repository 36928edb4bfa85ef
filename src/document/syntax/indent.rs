//! A line whose indentation is that of no other line in its block.

use crate::document::syntax::context::{Context, Line};
use crate::document::syntax::slip::Slip;

/// A column that a key or the dash of an element begins in, with the last one that did.
#[derive(Debug, Clone, Copy)]
struct Column<'a> {
    column: usize,
    entry: Entry<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Entry<'a> {
    Key(&'a str),
    Dash,
}

impl Entry<'_> {
    fn noun(self) -> String {
        match self {
            Self::Key(key) => format!("`{key}`"),
            Self::Dash => "element".to_owned(),
        }
    }
}

/// The mistake, if the line has one.
pub(super) fn find(context: &Context<'_>, line: Line<'_>) -> Option<Slip> {
    let entry = entries(line).next()?;
    let before = columns(context, line)?;
    let is_sibling = |one: &&Column<'_>| {
        let is_dash = |entry: Entry<'_>| matches!(entry, Entry::Dash);
        one.column == entry.column && is_dash(one.entry) == is_dash(entry.entry)
    };
    if before.iter().any(|one| is_sibling(&one)) {
        return None;
    }
    let fits = |one: &&Column<'_>| match entry.entry {
        Entry::Key(_) => matches!(one.entry, Entry::Key(_)),
        Entry::Dash => true,
    };
    let last = before.iter().rfind(fits)?;
    let sibling = if entry.column > last.column {
        let previous = context.before().next()?;
        if ends_open(previous) {
            return None;
        }
        last
    } else {
        // The nearest; of two that are as near, the inner one.
        let distance = |one: &&Column<'_>| one.column.abs_diff(entry.column);
        before.iter().rev().filter(fits).min_by_key(distance)?
    };
    let spaces = |count: usize| match count {
        1 => "1 space".to_owned(),
        count => format!("{count} spaces"),
    };
    let (name, other) = (entry.entry.noun(), sibling.entry.noun());
    let message = format!(
        "{name} is indented by {}, its sibling {other} by {}",
        spaces(entry.column),
        sibling.column
    );
    let help = match sibling.column {
        0 => "remove the spaces before it".to_owned(),
        count => format!(
            "indent it by {}, if it belongs to the same mapping as {other}",
            spaces(count)
        ),
    };
    let length = match entry.entry {
        Entry::Key(key) => key.len(),
        Entry::Dash => 1,
    };
    Some(Slip::new(line.span(entry.column, length), message, help))
}

/// Whether what belongs to a line may be on the lines below it.
fn ends_open(line: Line<'_>) -> bool {
    let code = line.code().trim_end();
    code.ends_with([':', '-', '|', '>', ',', '[', '{'])
}

/// The columns that are open where the line begins; `None` where they cannot be told.
fn columns<'a>(context: &Context<'a>, line: Line<'_>) -> Option<Vec<Column<'a>>> {
    let mut open: Vec<Column<'a>> = Vec::new();
    // The indentation of the line that began a block scalar.
    let mut scalar: Option<usize> = None;
    let lines = context.all().iter();
    for one in lines.take_while(|one| one.start < line.start) {
        if one.is_empty() || scalar.is_some_and(|indent| one.indent() > indent) {
            continue;
        }
        if one.code().matches(['[', '{']).count() != one.code().matches([']', '}']).count() {
            return None;
        }
        let code = one.code().trim_end();
        let is_block = code.trim_end_matches(['+', '-']).ends_with(['|', '>']);
        scalar = is_block.then(|| one.indent());
        for entry in entries(*one) {
            open.retain(|other| {
                other.column < entry.column || {
                    let is_list = matches!(entry.entry, Entry::Dash);
                    other.column == entry.column && is_list && matches!(other.entry, Entry::Key(_))
                }
            });
            open.push(entry);
        }
    }
    Some(open)
}

/// The columns that a line opens: those of its dashes, and that of its key.
fn entries(line: Line<'_>) -> impl Iterator<Item = Column<'_>> {
    let mut column = line.indent();
    let mut rest = Some(line.text.trim_start_matches(' '));
    std::iter::from_fn(move || {
        let text = rest?;
        if let Some(after) = text.strip_prefix("- ") {
            let after = after.trim_start_matches(' ');
            let entry = Column {
                column,
                entry: Entry::Dash,
            };
            column += text.len() - after.len();
            rest = Some(after);
            return Some(entry);
        }
        rest = None;
        if text == "-" {
            let entry = Entry::Dash;
            return Some(Column { column, entry });
        }
        let (key, value) = text.split_once(':')?;
        let is_key = value.is_empty() || value.starts_with(' ');
        is_key.then_some(Column {
            column,
            entry: Entry::Key(key),
        })
    })
}
