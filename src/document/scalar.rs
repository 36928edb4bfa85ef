//! Resolves plain scalars by the rules of <https://github.com/kubernetes-sigs/yaml>, as kubectl does.

use serde_json::{Number, Value};

/// Resolves a plain (unquoted) scalar. `None`: a number that JSON cannot represent (`.inf`, `.nan`).
pub fn resolve(text: &str) -> Option<Value> {
    if is_null(text) {
        return Some(Value::Null);
    }
    if let Some(truth) = boolean(text) {
        return Some(Value::Bool(truth));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Some(Value::String(text.to_owned()));
    }
    if is_infinite(text) {
        return None;
    }
    let number = integer(text).or_else(|| float(text));
    Some(number.map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

/// Whether a scalar is null.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Booleans of YAML 1.1: kubectl reads `y`, `no` and `on` as booleans.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            Some(false)
        }
        _ => None,
    }
}

/// Whether a scalar is an infinity or not a number: `.inf`, `-.Inf`, `.NaN`.
fn is_infinite(text: &str) -> bool {
    let bare = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    bare == ".inf" || bare == ".nan"
}

/// Go's `ParseInt(text, 0, 64)` after dropping underscores: `0x`, `0o`, `0b` and a leading `0`.
fn integer(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = lower.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (8, rest)
    } else {
        (10, lower.as_str())
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return i64::try_from(-i128::from(size)).ok().map(Number::from);
    }
    Some(Number::from(size))
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and finite.
fn float(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let good_mantissa =
        digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let good_exponent = exponent.is_none_or(|exponent| {
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !bare.is_empty() && digits(bare)
    });
    if !good_mantissa || !good_exponent {
        return None;
    }
    Number::from_f64(plain.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::scalar::resolve;

    #[test]
    fn plain_scalars_have_the_values_that_kubectl_reads() {
        for (text, want) in [
            ("yes", json!(true)),
            ("n", json!(false)),
            ("~", Value::Null),
            ("0777", json!(511)),
            ("0o777", json!(511)),
            ("0b101", json!(5)),
            ("0x1F", json!(31)),
            ("1_000", json!(1000)),
            ("+1", json!(1)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("1234e56", json!(1234e56)),
            ("1.10", json!(1.1)),
            ("12:30", json!("12:30")),
            ("190:20:30", json!("190:20:30")),
            ("2026-01-01", json!("2026-01-01")),
            ("123e4567", json!("123e4567")),
            ("tRue", json!("tRue")),
            ("-", json!("-")),
            ("acr-secret", json!("acr-secret")),
        ] {
            assert_eq!(resolve(text), Some(want), "{text}");
        }
        assert_eq!(resolve(".inf"), None);
        assert_eq!(resolve("-.NaN"), None);
    }
}
