//! Several attempts in one message: a kubelet that has several credentials tries each, and reports
//! `[first error, second error, …]`.

use crate::why::cause::Cause;
use crate::why::signature::{self, IsPull};

/// What an attempt begins with
/// (<https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_image.go>
/// joins the errors of a runtime).
const STARTS: &[&str] = &[
    "rpc error: code",
    "failed to pull and unpack image",
    "failed to pull image",
    "failed to resolve",
    "error response from daemon",
    "initializing source",
    "unable to pull",
    "unable to retrieve auth token",
    "reading manifest",
    "pinging container registry",
];

/// The attempts of a message in lower case: one, unless a bracket lists more. Each is a range of it.
fn attempts(message: &str) -> Vec<(usize, usize)> {
    let begins = |at: usize| {
        let rest = message.get(at..).unwrap_or_default();
        STARTS.iter().any(|start| rest.starts_with(start))
    };
    let mut opens = message.match_indices('[').map(|(at, _)| at + 1);
    let Some(first) = opens.find(|at| begins(*at)) else {
        return vec![(0, message.len())];
    };
    let rest = message.get(first..).unwrap_or_default();
    let commas = rest.match_indices(", ").map(|(at, _)| first + at + 2);
    let starts: Vec<usize> = std::iter::once(first)
        .chain(commas.filter(|at| begins(*at)))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([message.len()]);
    starts.iter().copied().zip(ends).collect()
}

/// What a message tells, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// The cause.
    pub(super) cause: Cause,
    /// Where the attempt begins that tells it.
    pub(super) start: usize,
    /// Where its telling words begin.
    pub(super) at: usize,
    /// Where the attempt ends.
    pub(super) end: usize,
}

/// What a message in lower case tells.
///
/// The last attempt is anonymous, after all credentials were tried: where there were others, the first
/// of them tells the cause, and the anonymous 401 nothing.
pub(super) fn told(message: &str) -> Option<Told> {
    let is_pull = if signature::is_about_pulling(message) {
        IsPull::Yes
    } else {
        IsPull::No
    };
    let all = attempts(message);
    let told = |(start, end): (usize, usize)| {
        let error = message.get(start..end)?;
        let (cause, at) = signature::cause(error, is_pull)?;
        Some(Told {
            cause,
            start,
            at: start + at,
            end,
        })
    };
    let count = all.len();
    let told: Vec<Told> = all.into_iter().filter_map(told).collect();
    let is_anonymous = |one: &&Told| one.cause == Cause::NoCredential;
    let anonymous = told.iter().filter(is_anonymous).count();
    if anonymous == count {
        return told.first().copied();
    }
    told.into_iter().find(|one| !is_anonymous(&one))
}

#[cfg(test)]
mod tests {
    use crate::why::bracket::{attempts, told};
    use crate::why::cause::Cause;

    const ANONYMOUS: &str = "failed to pull and unpack image \"h/a:1\": failed to authorize: failed to fetch anonymous token: unexpected status: 401 unauthorized";

    #[test]
    fn attempts_are_split_where_one_begins() {
        let message = format!(
            "failed to pull image \"h/a:1\": [rpc error: code = notfound desc = a, b, {ANONYMOUS}]"
        );
        assert_eq!(attempts(&message).len(), 2);
        assert_eq!(attempts("e0507 kubelet[1]: failed to pull image").len(), 1);
        assert_eq!(attempts("a [b, rpc error: code = x]").len(), 1);
    }

    #[test]
    fn the_first_error_is_the_cause() {
        for (first, want) in [
            (
                "rpc error: code = notfound desc = failed to resolve reference \"h/a:1\": h/a:1: not found",
                Some(Cause::NotFound),
            ),
            (
                "rpc error: code = unknown desc = failed to fetch oauth token: unexpected status: 401 unauthorized",
                Some(Cause::CredentialRefused),
            ),
            (ANONYMOUS, Some(Cause::NoCredential)),
            // Something else went wrong with a credential, so this is not about having none.
            ("rpc error: code = unknown desc = out of cheese", None),
        ] {
            let message = format!("failed to pull image \"h/a:1\": [{first}, {ANONYMOUS}]");
            assert_eq!(told(&message).map(|told| told.cause), want, "{first}");
        }
    }
}
