//! The part of Go's `net/url` that the kubelet uses to match registry keys.

/// Host and path of a URL, as returned by Go's `url.Parse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// With the port, in the original case.
    pub(super) host: String,
    /// Unescaped.
    pub(super) path: String,
}

/// Parses the text after `https://`; `None` where Go reports an error.
pub(super) fn after_scheme(text: &str) -> Option<Url> {
    // Go rejects ASCII control characters anywhere.
    if text.chars().any(|c| c.is_ascii_control()) {
        return None;
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    unescape(fragment)?;
    let text = text.split_once('?').map_or(text, |(before, _)| before);
    let (authority, path) = match text.find('/') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            if !user.chars().all(is_user_info) || unescape(user).is_none() {
                return None;
            }
            host
        }
        None => authority,
    };
    Some(Url {
        host: parse_host(host)?,
        path: unescape(path)?,
    })
}

/// Host and port, split at the last colon as `net.SplitHostPort` does.
pub(super) fn split_port(host: &str) -> (&str, &str) {
    if let Some(rest) = host.strip_prefix('[') {
        let found = rest.split_once(']');
        let found = found.and_then(|(address, port)| Some((address, port.strip_prefix(':')?)));
        return found.unwrap_or((host, ""));
    }
    match host.split_once(':') {
        Some((name, port)) if !port.contains(':') => (name, port),
        // Without a port, or with too many colons, Go reports an error and the kubelet uses the whole text.
        _ => (host, ""),
    }
}

fn parse_host(host: &str) -> Option<String> {
    let good_port = if host.starts_with('[') {
        host.rsplit_once(']').map(|(_, port)| valid_port(port))?
    } else {
        let port = host.rsplit_once(':').map(|(_, port)| port);
        port.is_none_or(are_digits)
    };
    if !good_port {
        return None;
    }
    // In a host, only `%` itself and non-ASCII bytes may be escaped.
    let escapes = host.split('%').skip(1);
    let good_escape = |rest: &str| {
        rest.starts_with("25")
            || rest.starts_with(|c: char| matches!(c, '8' | '9' | 'a'..='f' | 'A'..='F'))
    };
    let good = host.chars().all(|c| c == '%' || is_host(c)) && escapes.into_iter().all(good_escape);
    if good { unescape(host) } else { None }
}

/// Whether a port is empty, or a colon and digits.
fn valid_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(are_digits)
}

/// Whether a text consists of digits; it may be empty.
fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_host(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"".contains(c)
}

fn is_user_info(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c)
}

/// Decodes `%XX`; `None` for an invalid escape.
fn unescape(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%' {
            let digits = after.get(..2)?;
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
