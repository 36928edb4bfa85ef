//! The forms that a secret value takes in a text, as patterns for squeezed texts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::mask::squeeze;

/// Shorter values cannot be found without hiding half of every text.
pub(super) const MIN: usize = 4;
/// Shorter values count only as words of their own.
const SHORT: usize = 8;
/// Base64 of a short value is shorter still, and could be anything.
const MIN_CORE: usize = 5;
/// Longer patterns are cut into pieces of this size, each of which is found by itself.
const PIECE: usize = 32;
/// Of a longer form only this much is looked for; see [`Pattern::rest`].
const LONG: usize = 4 * 1024;

/// How a match is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// As it is.
    Exact,
    /// Only if no letter or digit is before or after it.
    Word,
    /// With all of the base64 that it is in.
    Base64,
}

/// What is looked for.
pub(super) struct Pattern {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) reach: Reach,
    /// How many bytes of the form follow that are not looked for, because it is too long.
    pub(super) rest: usize,
}

/// All forms of a value; none if it is too short.
pub(super) fn patterns(value: &str) -> Vec<Pattern> {
    let mut all = Vec::new();
    if value.chars().count() < MIN {
        return all;
    }
    let plain = squeeze::value(value.as_bytes());
    if plain.len() >= MIN {
        let is_short = plain.len() < SHORT;
        add(
            &mut all,
            plain,
            if is_short { Reach::Word } else { Reach::Exact },
        );
        if value.contains(' ') {
            // As forms of web pages write it.
            let form = squeeze::value(value.replace(' ', "+").as_bytes());
            add(&mut all, form, Reach::Exact);
        }
    }
    let hex = |upper: bool| -> Vec<u8> {
        let digit = |byte: u8| {
            if upper {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            }
        };
        value
            .bytes()
            .flat_map(|byte| digit(byte).into_bytes())
            .collect()
    };
    add(&mut all, hex(false), Reach::Exact);
    add(&mut all, hex(true), Reach::Exact);
    for spelling in spellings(value) {
        for core in cores(spelling.as_bytes()) {
            // What holds a Secret may be encoded once more.
            for twice in cores(&core) {
                add_base64(&mut all, &twice);
            }
            add_base64(&mut all, &core);
        }
    }
    all
}

/// What base64 may have been made of: the value, or the value in JSON, of which there is that of most
/// programs, that of Go, and that of those who write ASCII alone.
fn spellings(value: &str) -> Vec<Zeroizing<String>> {
    let json = Zeroizing::new(serde_json::Value::from(value).to_string());
    let inner = Zeroizing::new(json[1..json.len() - 1].to_owned());
    let mut go = Zeroizing::new(String::new());
    let mut ascii = Zeroizing::new(String::new());
    for c in inner.chars() {
        match c {
            '<' | '>' | '&' => go.push_str(&format!("\\u{:04x}", c as u32)),
            _ => go.push(c),
        }
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    let mut all = vec![Zeroizing::new(value.to_owned()), inner, go, ascii];
    all.sort_by(|a, b| a.as_str().cmp(b));
    all.dedup();
    all
}

/// The part of base64 that is the value's alone, for each place that it may begin at.
fn cores(value: &[u8]) -> [Zeroizing<Vec<u8>>; 3] {
    [0, 1, 2].map(|lead| {
        let mut bytes = Zeroizing::new(vec![0; lead]);
        bytes.extend(value);
        let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes).into_bytes());
        let own = [0, 2, 3][lead]..bytes.len() * 8 / 6;
        Zeroizing::new(encoded.get(own).unwrap_or_default().to_vec())
    })
}

/// In both alphabets.
fn add_base64(all: &mut Vec<Pattern>, core: &[u8]) {
    if core.len() < MIN_CORE {
        return;
    }
    if core.iter().any(|byte| b"+/".contains(byte)) {
        let url = core.iter().map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        });
        add(all, url.collect(), Reach::Base64);
    }
    add(all, core.to_vec(), Reach::Base64);
}

/// A form, in pieces if it is long, so that half of it is found as well.
fn add(all: &mut Vec<Pattern>, form: Vec<u8>, reach: Reach) {
    let form = Zeroizing::new(form);
    let mut push = |bytes: &[u8], rest| {
        all.push(Pattern {
            bytes: Zeroizing::new(bytes.to_vec()),
            reach,
            rest,
        });
    };
    if form.len() <= 2 * PIECE {
        return push(&form, 0);
    }
    let looked = &form[..form.len().min(LONG)];
    let rest = form.len() - looked.len();
    for piece in looked.chunks_exact(PIECE) {
        push(piece, if rest > 0 { form.len() } else { 0 });
    }
    push(&looked[looked.len() - PIECE..], rest);
}
