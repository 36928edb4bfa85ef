//! Decodes UTF-8, and UTF-16 with a byte order mark, as kubectl does.

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotText {
    /// Number of bytes before the error.
    pub valid: usize,
    /// The line of the error, from 1.
    pub line: usize,
}

/// Decodes bytes. A byte order mark of UTF-16 selects UTF-16 (`yaml_parser_determine_encoding` of
/// go-yaml); everything else is UTF-8, whose own mark is kept in the text.
///
/// # Errors
/// The position of the first byte that is not part of a character.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    match bytes.first_chunk() {
        Some([0xff, 0xfe]) => utf16(&bytes, u16::from_le_bytes),
        Some([0xfe, 0xff]) => utf16(&bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = error.as_bytes().iter().take(valid);
            NotText {
                valid,
                line: before.filter(|byte| **byte == b'\n').count() + 1,
            }
        }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (units, rest) = bytes.as_chunks();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut line = 1;
    // The mark itself is not part of the text.
    for read in char::decode_utf16(units.iter().skip(1).map(|one| unit(*one))) {
        let Ok(read) = read else {
            let valid = (text.encode_utf16().count() + 1) * 2;
            return Err(NotText { valid, line });
        };
        line += usize::from(read == '\n');
        text.push(read);
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        let valid = bytes.len() - 1;
        Err(NotText { valid, line })
    }
}

/// As [`decode`], with U+FFFD in place of what is part of no character: for logs, and for the beginning of a
/// text that was cut anywhere.
pub fn decode_lossy(bytes: &[u8]) -> String {
    let utf16 = |unit: fn([u8; 2]) -> u16| -> String {
        let (units, _) = bytes.as_chunks();
        let units = units.iter().skip(1).map(|one| unit(*one));
        char::decode_utf16(units)
            .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes.first_chunk() {
        Some([0xff, 0xfe]) => utf16(u16::from_le_bytes),
        Some([0xfe, 0xff]) => utf16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::document::encoding::{NotText, decode, decode_lossy};

    #[test]
    fn what_is_no_character_is_replaced() {
        assert_eq!(decode_lossy(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(
            decode_lossy(&[0xff, 0xfe, b'a', 0, 0x00, 0xd8, b'b', 0, b'c']),
            "a\u{fffd}b"
        );
        assert_eq!(decode_lossy(&[0xfe, 0xff, 0, b'a']), "a");
    }

    #[test]
    fn both_byte_orders_of_utf_16_are_decoded() {
        let text = "a: é\nb: 🦀\n";
        let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!(decode(little.clone()).as_deref(), Ok(text));
        assert_eq!(decode(big).as_deref(), Ok(text));
        let cut = little[..little.len() - 1].to_vec();
        let valid = cut.len() - 1;
        assert_eq!(decode(cut), Err(NotText { valid, line: 2 }));
        let lone = vec![0xff, 0xfe, b'a', 0, 0x00, 0xd8, b'b', 0];
        assert_eq!(decode(lone), Err(NotText { valid: 4, line: 1 }));
    }

    #[test]
    fn utf_8_is_unchanged() {
        assert_eq!(
            decode(b"\xef\xbb\xbfa".to_vec()).as_deref(),
            Ok("\u{feff}a")
        );
        let wrong = decode(b"a\nb\xff".to_vec());
        assert_eq!(wrong, Err(NotText { valid: 3, line: 2 }));
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
    }
}
