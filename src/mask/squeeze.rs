//! A text without what quoting and folding put between the characters of a value, and the way back
//! to the bytes that it came from.

use crate::span::Span;

/// What is left of a text, and where each of its bytes comes from.
pub(super) struct Squeezed {
    pub(super) bytes: Vec<u8>,
    /// One for each byte: the bytes of the text that it represents.
    origins: Vec<(u32, u32)>,
}

/// Whether quoting, escaping and folding put this character between others: YAML and JSON escapes,
/// `'\''` of the shell, lines that go on, comments over several lines.
fn is_dropped(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"'\"\\#".contains(&byte)
}

/// A value as it is found in a squeezed text.
pub(super) fn value(text: &[u8]) -> Vec<u8> {
    let kept = text.iter().copied().filter(|byte| !is_dropped(*byte));
    kept.collect()
}

impl Squeezed {
    /// A text as it is.
    pub(super) fn raw(text: &str) -> Self {
        let mut squeezed = Self::with_room(text);
        for (at, byte) in text.bytes().enumerate() {
            squeezed.push(byte, at, 1);
        }
        squeezed
    }

    /// A text with `%41`, `\x41`, `\u0041` and `&amp;` read as what they represent; `None` if there
    /// is nothing of the kind.
    pub(super) fn decoded(text: &str) -> Option<Self> {
        if !text.contains(['%', '&', '\\']) {
            return None;
        }
        let mut squeezed = Self::with_room(text);
        let mut at = 0;
        while at < text.len() {
            let rest = &text.as_bytes()[at..];
            if let Some((code, len)) = escape(rest) {
                squeezed.push_char(code, at, len);
                at += len;
            } else {
                squeezed.push(rest[0], at, 1);
                at += 1;
            }
        }
        Some(squeezed)
    }

    /// The bytes of the text that `start..end` of the squeezed one come from.
    pub(super) fn origin(&self, start: usize, end: usize) -> Span {
        let from = self.origins[start].0 as usize;
        let to = self.origins[end - 1].1 as usize;
        Span::new(from..to.max(from))
    }

    fn with_room(text: &str) -> Self {
        Self {
            bytes: Vec::with_capacity(text.len()),
            origins: Vec::with_capacity(text.len()),
        }
    }

    fn push(&mut self, byte: u8, at: usize, len: usize) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if !is_dropped(byte) {
            self.bytes.push(byte);
            self.origins.push((place(at), place(at + len)));
        }
    }

    /// A byte of `%41`, or a character.
    fn push_char(&mut self, code: Code, at: usize, len: usize) {
        match code {
            Code::Byte(byte) => self.push(byte, at, len),
            Code::Char(c) => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    self.push(byte, at, len);
                }
            }
        }
    }
}

impl Drop for Squeezed {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}

enum Code {
    Byte(u8),
    Char(char),
}

/// The escape that `rest` begins with, and its length.
fn escape(rest: &[u8]) -> Option<(Code, usize)> {
    const NAMED: &[(&[u8], char)] = &[
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
    ];
    match rest {
        [b'%', ..] => Some((Code::Byte(u8::try_from(hex(rest.get(1..3)?)?).ok()?), 3)),
        [b'\\', b'x', ..] => Some((Code::Char(char::from_u32(hex(rest.get(2..4)?)?)?), 4)),
        [b'\\', b'u', ..] => {
            let high = hex(rest.get(2..6)?)?;
            if let Some(c) = char::from_u32(high) {
                return Some((Code::Char(c), 6));
            }
            let low = rest.get(6..12).filter(|low| low.starts_with(b"\\u"))?;
            let low = hex(&low[2..])?.checked_sub(0xdc00)?;
            let code = 0x1_0000 + ((high.checked_sub(0xd800)?) << 10) + low;
            Some((Code::Char(char::from_u32(code)?), 12))
        }
        [b'\\', b'U', ..] => Some((Code::Char(char::from_u32(hex(rest.get(2..10)?)?)?), 10)),
        [b'&', b'#', ..] => {
            let end = rest.iter().take(12).position(|byte| *byte == b';')?;
            let digits = std::str::from_utf8(&rest[2..end]).ok()?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            Some((Code::Char(char::from_u32(code)?), end + 1))
        }
        [b'&', ..] => NAMED
            .iter()
            .find(|(name, _)| rest.starts_with(name))
            .map(|(name, c)| (Code::Char(*c), name.len())),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
