//! Colours of what people read.

use crate::diag::format::text::Colour;

/// Colours of the reports, as ANSI numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paint {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
    Bold = 1,
}

/// A text in a colour, if there are colours.
pub(super) fn painted(colour: Colour, paint: Paint, text: &str) -> String {
    match colour {
        Colour::On => format!("\u{1b}[{}m{text}\u{1b}[0m", paint as u8),
        Colour::Off => text.to_owned(),
    }
}

/// A unified diff in colours.
pub(super) fn coloured(diff: &str) -> String {
    let mut out = String::with_capacity(diff.len() + 256);
    for line in diff.split_inclusive('\n') {
        let paint = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Some(Paint::Bold),
            [b'+', ..] => Some(Paint::Green),
            [b'-', ..] => Some(Paint::Red),
            [b'@', ..] => Some(Paint::Cyan),
            _ => None,
        };
        match paint {
            Some(paint) => {
                let body = line.trim_end_matches('\n');
                out.push_str(&painted(Colour::On, paint, body));
                out.push_str(&line[body.len()..]);
            }
            None => out.push_str(line),
        }
    }
    out
}
