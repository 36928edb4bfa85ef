//! An ExternalSecret that renews its token less often than the token expires
//! (<https://external-secrets.io/latest/api/generator/acr/>).

use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;

/// A refresh token is valid for so long, in seconds.
const VALID: u64 = 3 * 60 * 60;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let slow = context.facts.generators.iter().filter(|one| {
        // Zero means that it is never renewed.
        seconds(&one.interval.name).is_some_and(|every| every == 0 || every >= VALID)
    });
    slow.map(|one| {
        let message = format!(
            "{} renews its token every `{}`, but the token expires after three hours",
            one.object.identity, one.interval.name
        );
        let help = "set `refreshInterval: 1h`";
        finding(
            Code::RefreshInterval,
            &one.object,
            one.interval.spot,
            message,
            help,
        )
    })
    .collect()
}

/// A duration of Go: `1h30m` (<https://pkg.go.dev/time#ParseDuration>), without fractions of a second.
fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut rest = text.trim();
    if rest == "0" {
        return Some(0);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?;
        let length = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        let factor = match unit.get(..length)? {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            _ => return None,
        };
        total = total.saturating_add(number.saturating_mul(factor));
        rest = unit.get(length..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use crate::audit::rules::refresh_interval::seconds;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, want) in [
            ("1h", Some(3600)),
            ("30h0s", Some(108_000)),
            ("1h30m", Some(5400)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("1d", None),
            ("h", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(seconds(text), want, "{text}");
        }
    }
}
