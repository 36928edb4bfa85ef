//! Common mistakes near a syntax error: what the line says, not what the parser missed.

use crate::document::syntax::context::{Context, Line};
use crate::document::syntax::indent;
use crate::names::lookalike;
use crate::span::Span;

/// A mistake, where it is, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
}

impl Slip {
    pub(super) fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            label: String::new(),
            help: help.into(),
        }
    }
}

/// The mistake that the parser, which says `info`, stumbled over.
pub(super) fn find(context: &Context<'_>, info: &str) -> Option<Slip> {
    let line = context.line()?;
    let before = context.before().next();
    let near = || [Some(line), before].into_iter().flatten();
    conflict(context)
        .or_else(|| near().find_map(|line| template(line)))
        .or_else(|| tab(context, info))
        .or_else(|| near().find_map(foreign))
        .or_else(|| near().find_map(dash))
        .or_else(|| written_otherwise(line, info))
        .or_else(|| bracket(context, line, info))
        .or_else(|| no_colon(context, line, info))
        .or_else(|| indent::find(context, line))
        .or_else(|| special(context, line, info))
}

/// The marks that `git merge` leaves.
fn conflict(context: &Context<'_>) -> Option<Slip> {
    let is_mark = |line: &&Line<'_>, mark: &str| {
        let rest = line.text.strip_prefix(mark);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let marks = ["<<<<<<<", "=======", ">>>>>>>"];
    let lines = context.all();
    let found = marks.map(|mark| lines.iter().find(|line| is_mark(line, mark)));
    let (Some(first), true) = (
        found.iter().flatten().next(),
        found.iter().flatten().count() > 1,
    ) else {
        return None;
    };
    let help = "keep what is right of the two versions, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`";
    Some(Slip::new(
        first.whole(),
        "a merge conflict is not resolved",
        help,
    ))
}

/// `{{ … }}` and `{% … %}` of Helm and Jinja, outside of quotes.
fn template(line: Line<'_>) -> Option<Slip> {
    let opens = ["{{", "{%"].into_iter();
    let found = opens.filter_map(|open| Some((line.code().find(open)?, open)));
    let (at, open) = found.min()?;
    if !is_bare(line.text, at) {
        return None;
    }
    let (close, shown) = match open {
        "{{" => ("}}", "`{{ … }}`"),
        _ => ("%}", "`{% … %}`"),
    };
    let rest = line.text.get(at..)?;
    let length = rest.find(close).map_or(rest.len(), |end| end + close.len());
    Some(Slip::new(
        line.span(at, length),
        format!("{shown} is a template that was not rendered"),
        "render the template first, or write the value",
    ))
}

/// Whether a place of a line is outside of quotes, as far as that can be told from the line.
fn is_bare(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    ['"', '\'']
        .iter()
        .all(|quote| before.matches(*quote).count() % 2 == 0)
}

/// A tab among the blanks that a line begins with: the parser may have stopped at the line before.
fn tab(context: &Context<'_>, info: &str) -> Option<Slip> {
    let next = context.after().filter(|_| info.contains("tab"));
    [context.line(), next]
        .into_iter()
        .flatten()
        .find_map(|line| {
            let lead = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
            let at = line.text.get(..lead)?.find('\t')?;
            Some(Slip::new(
                line.span(at, 1),
                "a tab in the indentation",
                "indent with spaces: YAML does not allow tabs there",
            ))
        })
}

/// A character that only looks like one of YAML's, or that cannot be seen.
fn foreign(line: Line<'_>) -> Option<Slip> {
    let code = line.code();
    let all = code.char_indices().filter(|(_, found)| !found.is_ascii());
    let (at, found) = all
        .filter(|(at, _)| is_bare(code, *at))
        .filter_map(|(at, found)| Some((at, lookalike::first(found.encode_utf8(&mut [0; 4]))?)))
        .find(|(_, found)| !found.is_letter)?;
    let length = found.found.len_utf8();
    let help = match found.plain {
        "" => "remove the character".to_owned(),
        " " => "write a space".to_owned(),
        plain => format!("write `{plain}`"),
    };
    Some(Slip::new(line.span(at, length), format!("{found}"), help))
}

/// `-name: value`
fn dash(line: Line<'_>) -> Option<Slip> {
    let rest = line.trimmed().strip_prefix('-')?;
    let is_word = rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let (key, _) = rest.split_once(": ")?;
    (is_word && is_key(key)).then(|| {
        Slip::new(
            line.whole(),
            "no space after the dash",
            "put a space after the dash",
        )
    })
}

fn is_key(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$');
    !text.is_empty() && text.chars().all(good)
}

/// Lines of other languages, and a key without the blank after its colon.
fn written_otherwise(line: Line<'_>, info: &str) -> Option<Slip> {
    let text = line.trimmed();
    if text.starts_with("```") {
        let help = "remove the lines that begin with three backticks";
        return Some(Slip::new(line.whole(), "a fence of Markdown", help));
    }
    if text.starts_with("//") || text.starts_with("/*") {
        let help = "begin a comment with `#`";
        return Some(Slip::new(
            line.whole(),
            "this is not a comment in YAML",
            help,
        ));
    }
    if !info.contains("expected ':'") && !info.contains("not allowed in this context") {
        return None;
    }
    let entry = text.trim_start_matches(['-', ' ']);
    if let Some((key, value)) = entry.split_once(':')
        && is_key(key)
        && !value.is_empty()
        && !value.starts_with([' ', '/'])
    {
        return Some(Slip::new(
            line.whole(),
            format!("no space after the colon of `{key}`"),
            "put a space after the colon",
        ));
    }
    let (key, value) = entry.split_once('=')?;
    let key = key.trim_end();
    (is_key(key) && !value.is_empty()).then(|| {
        let message = format!("`=` after the key `{key}`");
        Slip::new(
            line.whole(),
            message,
            "write a colon and a space in place of the `=`",
        )
    })
}

/// A `[` or `{` that is still open.
fn bracket(context: &Context<'_>, line: Line<'_>, info: &str) -> Option<Slip> {
    let is_flow = info.contains("placement of ':'")
        || info.contains("expected ','")
        || info.contains("in flow");
    if !is_flow {
        return None;
    }
    if info.contains("expected ','") && context.all().iter().any(|line| line.text.starts_with('{'))
    {
        // JSON: a line lacks its comma.
        let previous = context.before().next()?;
        let text = previous.text.trim_end();
        if !text.ends_with([',', '[', '{', ':']) {
            let span = previous.span(text.len(), 0);
            return Some(Slip::new(
                span,
                "a comma is missing",
                "add `,` at the end of this line",
            ));
        }
        return None;
    }
    let lines = std::iter::once(line).chain(context.before());
    lines.take(20).find_map(|line| {
        let (at, open) = open_bracket(line.code())?;
        let close = if open == '[' { ']' } else { '}' };
        let message = format!("unclosed bracket `{open}`");
        Some(Slip::new(
            line.span(at, 1),
            message,
            format!("close it with `{close}`"),
        ))
    })
}

/// The first bracket of a line that the line does not close.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    for (at, found) in text.char_indices().filter(|(at, _)| is_bare(text, *at)) {
        match found {
            '[' | '{' => open.push((at, found)),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.first().copied()
}

/// `clusters`, with what belongs to it on the lines below.
fn no_colon(context: &Context<'_>, line: Line<'_>, info: &str) -> Option<Slip> {
    if !info.contains("expected ':'") {
        return None;
    }
    let key = line.trimmed().trim_start_matches(['-', ' ']);
    let is_parent = context
        .after()
        .is_some_and(|next| next.indent() > line.indent() || next.trimmed().starts_with("- "));
    (is_key(key) && is_parent).then(|| {
        let message = format!("no colon after `{key}`");
        Slip::new(line.whole(), message, format!("write `{key}:`"))
    })
}

/// A value that begins with a character of YAML's own.
fn special(context: &Context<'_>, line: Line<'_>, info: &str) -> Option<Slip> {
    if !info.contains("unexpected character") && !info.contains("anchor") {
        return None;
    }
    let at = context.column()?;
    let rest = line.text.get(at..)?;
    let message = match rest.chars().next()? {
        '*' => "`*` begins an alias here, and there is no anchor of its name".to_owned(),
        '&' => "`&` begins an anchor here, and it has no name".to_owned(),
        '`' => "a value cannot begin with a backtick".to_owned(),
        first @ ('@' | '%') => format!("a value cannot begin with `{first}`"),
        _ => return None,
    };
    let end = rest.find([' ', ',', ']', '}']).unwrap_or(rest.len());
    Some(Slip::new(
        line.span(at, end),
        message,
        "put the value in quotes",
    ))
}
