//! An ExternalSecret that renews its token less often than the token expires
//! (<https://external-secrets.io/latest/api/generator/acr/>).

use crate::audit::facts::Renewal;
use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::diag::Code;

/// A refresh token is valid for so long, in seconds.
const VALID: u64 = 3 * 60 * 60;

/// A token with a scope is valid for little longer, in seconds
/// (<https://github.com/MicrosoftDocs/azure-management-docs/issues/29>).
const SCOPED: u64 = 60 * 60;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let all = context.facts.generators.iter();
    all.filter_map(|one| {
        let has_scope = context.facts.has_scope(one);
        let (spot, how) = match &one.renewal {
            Renewal::Never(spot) => (*spot, "never renews its token".to_owned()),
            Renewal::Every(interval) => {
                let how = match seconds(&interval.name)? {
                    0 => "never renews its token".to_owned(),
                    every if every >= VALID || (has_scope && every > SCOPED) => {
                        format!("renews its token every `{}`", interval.name)
                    }
                    _ => return None,
                };
                (interval.spot, how)
            }
        };
        let valid = if has_scope {
            "a token with a scope expires after little more than an hour"
        } else {
            "the token expires after three hours"
        };
        let message = format!("{} {how}, but {valid}", one.object.identity);
        let help = match one.renewal {
            Renewal::Every(_) => "set `refreshInterval: 1h`",
            Renewal::Never(_) => "set `refreshPolicy: Periodic` and `refreshInterval: 1h`",
        };
        Some(finding(
            Code::RefreshInterval,
            &one.object,
            spot,
            message,
            help,
        ))
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
