//! A page of the documentation as GitHub and mdBook read it: blocks, prose, links and anchors.

use std::path::{Component, Path, PathBuf};

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    /// Its lines without the indentation of the fence.
    pub(crate) text: String,
    /// What a comment on the line above says, such as `file: web.yaml`.
    pub(crate) note: Option<String>,
    /// The line of the opening fence, from 0.
    pub(crate) start: usize,
    /// The line of the closing fence.
    pub(crate) end: usize,
    indent: usize,
}

impl Block {
    /// The block with other lines, as the page has them.
    pub(crate) fn with(&self, lines: &[String]) -> Vec<String> {
        let pad = " ".repeat(self.indent);
        let all = lines.iter().map(|line| format!("{pad}{line}"));
        all.map(|line| line.trim_end().to_owned()).collect()
    }
}

/// The fenced blocks of a page, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let opening = line.trim_start();
        let ticks = opening.chars().take_while(|&one| one == '`').count();
        let start = next;
        next += 1;
        if ticks < 3 {
            continue;
        }
        let indent = line.len() - opening.len();
        let fence = "`".repeat(ticks);
        let mut body = String::new();
        while lines.get(next).is_some_and(|line| line.trim() != fence) {
            let line = lines[next];
            body.push_str(line.get(indent..).unwrap_or_else(|| line.trim_start()));
            body.push('\n');
            next += 1;
        }
        assert!(next < lines.len(), "a block has no end: {line}");
        let above = start.checked_sub(1).map_or("", |above| lines[above].trim());
        let note = above
            .strip_prefix("<!-- ")
            .and_then(|above| above.strip_suffix(" -->"));
        found.push(Block {
            language: opening[ticks..].trim().to_owned(),
            text: body,
            note: note.map(str::to_owned),
            start,
            end: next,
            indent,
        });
        next += 1;
    }
    found
}

/// The lines outside of all blocks.
fn prose(text: &str) -> Vec<&str> {
    let blocks = blocks(text);
    let is_prose = |at: &usize| {
        !blocks
            .iter()
            .any(|block| (block.start..=block.end).contains(at))
    };
    let lines = text.lines().enumerate();
    lines
        .filter(|(at, _)| is_prose(at))
        .map(|(_, line)| line)
        .collect()
}

/// The code spans of the prose.
pub(crate) fn spans(text: &str) -> Vec<String> {
    let prose = prose(text).join("\n");
    let spans = prose.split('`').skip(1).step_by(2);
    spans.map(str::to_owned).collect()
}

/// The targets of the links and pictures in the prose.
pub(crate) fn links(text: &str) -> Vec<String> {
    let prose = prose(text).join("\n");
    // What stands in code is no link.
    let outside: String = prose.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let targets = outside
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

/// The anchors of the headings, by the rule that GitHub and mdBook share.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = title
            .trim()
            .chars()
            .filter_map(|one| match one {
                ' ' => Some('-'),
                '-' | '_' => Some(one),
                one if one.is_alphanumeric() => Some(one.to_ascii_lowercase()),
                _ => None,
            })
            .collect();
        // mdBook changes an anchor that begins otherwise.
        assert!(
            anchor.starts_with(|one: char| one.is_ascii_alphabetic()),
            "the heading `{line}` has different anchors on GitHub and in the book"
        );
        let same = |one: &&String| {
            let rest = one.strip_prefix(anchor.as_str());
            rest.is_some_and(|rest| {
                let number = rest.strip_prefix('-');
                rest.is_empty() || number.is_some_and(|number| number.parse::<u32>().is_ok())
            })
        };
        let before = found.iter().filter(same).count();
        found.push(match before {
            0 => anchor,
            before => format!("{anchor}-{before}"),
        });
    }
    found
}

/// A path without `.` and `..`; `None` if it leaves the package.
pub(crate) fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => out.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}
