//! Which words of an error tell which cause: a table, read from top to bottom.

use crate::why::cause::Cause;

/// Where the words of a rule count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// In any text.
    Anywhere,
    /// Only in a text about pulling: a probe or a volume may fail in the same words.
    Pull,
}

/// One way in which an error tells its cause.
pub(super) struct Rule {
    pub(super) cause: Cause,
    pub(super) place: Where,
    /// One of these must be there; the error begins at it.
    pub(super) words: &'static [&'static str],
    /// One of these must be there as well, if there are any.
    pub(super) and: &'static [&'static str],
    /// None of these may be there.
    pub(super) not: &'static [&'static str],
}

/// A status that says that no valid credential was sent.
const REFUSED: &[&str] = &[
    "401 unauthorized",
    "status: 401",
    "status code 401",
    "status code: 401",
    "400 bad request",
    "status: 400",
];
/// A connection that failed.
const CONNECTION: &[&str] = &[
    "i/o timeout",
    "client.timeout",
    "tls handshake timeout",
    "connection refused",
    "connection reset",
    "no route to host",
    "network is unreachable",
    "connection timed out",
    "context deadline exceeded",
    "dial tcp",
    ": eof",
];
const FORBIDDEN: &[&str] = &[
    "403 forbidden",
    "status: 403",
    "status code 403",
    "status code: 403",
    "statuscode: 403",
];
/// A text with one of these is about pulling.
pub(super) const PULL: &[&str] = &[
    "failed to pull",
    "pullimage",
    "pull image",
    "pulling image",
    "errimagepull",
    "imagepullbackoff",
    "resolve reference",
    "resolve image",
    "failed to authorize",
    "failed to fetch oauth token",
    "failed to fetch anonymous token",
    "httpreadseeker",
    "pinging container registry",
    "pinging docker registry",
    "reading manifest",
    "initializing source docker://",
    "oauth2/token",
    "/v2/",
    ".azurecr.",
];

const fn rule(cause: Cause, place: Where, words: &'static [&'static str]) -> Rule {
    Rule {
        cause,
        place,
        words,
        and: &[],
        not: &[],
    }
}

impl Rule {
    const fn and(mut self, words: &'static [&'static str]) -> Self {
        self.and = words;
        self
    }

    const fn not(mut self, words: &'static [&'static str]) -> Self {
        self.not = words;
        self
    }
}

/// The first rule that holds decides. All words are lower case.
pub(super) const RULES: &[Rule] = &[
    rule(
        Cause::MissingSecret,
        Where::Anywhere,
        &[
            "failedtoretrieveimagepullsecret",
            "unable to retrieve some image pull secrets",
            "unable to retrieve pull secret",
        ],
    ),
    rule(
        Cause::BrokenSecret,
        Where::Anywhere,
        &["unable to parse auth field"],
    ),
    // `kubectl apply` of a broken manifest says the same of a Secret that is not made yet.
    rule(
        Cause::BrokenSecret,
        Where::Anywhere,
        &["illegal base64 data"],
    )
    .not(&["cannot be handled as a secret"]),
    rule(
        Cause::BrokenSecret,
        Where::Pull,
        &["invalid character '", "unexpected end of json input"],
    )
    .and(&["failed to pull image", "errimagepull"])
    .not(&[
        "failed to pull and unpack",
        "error response from daemon",
        "failed to resolve",
    ]),
    rule(
        Cause::InvalidImageName,
        Where::Anywhere,
        &[
            "invalidimagename",
            "couldn't parse image name",
            "couldn't parse image reference",
            "failed to apply default image tag",
        ],
    ),
    rule(
        Cause::InvalidImageName,
        Where::Pull,
        &["invalid reference format"],
    ),
    rule(
        Cause::NeverPull,
        Where::Anywhere,
        &[
            "is not present with pull policy of never",
            "errimageneverpull",
        ],
    ),
    rule(
        Cause::KubeletThrottled,
        Where::Anywhere,
        &["pull qps exceeded"],
    ),
    rule(
        Cause::Platform,
        Where::Anywhere,
        &[
            "no match for platform in manifest",
            "no matching manifest for",
            "no image found in manifest list for",
            "no image found in image index for",
            "cannot be used on this platform",
        ],
    ),
    rule(
        Cause::Certificate,
        Where::Pull,
        &[
            "x509: ",
            "failed to verify certificate",
            "certificate signed by unknown authority",
        ],
    ),
    rule(
        Cause::LayerHost,
        Where::Pull,
        &[".blob.core.", ".data.azurecr."],
    )
    .and(&["no such host"]),
    rule(
        Cause::LayerHost,
        Where::Pull,
        &[".blob.core.", ".data.azurecr."],
    )
    .and(CONNECTION),
    rule(
        Cause::LayerHost,
        Where::Pull,
        &[".blob.core.", ".data.azurecr."],
    )
    .and(FORBIDDEN),
    rule(
        Cause::Throttled,
        Where::Pull,
        &[
            "toomanyrequests",
            "too many requests",
            "status: 429",
            "status code 429",
            "status code: 429",
        ],
    ),
    rule(Cause::NetworkRules, Where::Anywhere, &["client with ip"]).and(&["is not allowed access"]),
    rule(Cause::NetworkRules, Where::Pull, FORBIDDEN),
    rule(
        Cause::NoPermission,
        Where::Pull,
        &[
            "pull access denied",
            "insufficient_scope",
            "requested access to the resource is denied",
            // The identity of the node has no role on the registry, says its credential provider.
            "rejected token exchange",
        ],
    ),
    rule(
        Cause::CredentialRefused,
        Where::Anywhere,
        &["failed to fetch oauth token"],
    )
    .and(REFUSED),
    rule(
        Cause::CredentialRefused,
        Where::Pull,
        &["invalid username/password"],
    ),
    rule(
        Cause::NoCredential,
        Where::Anywhere,
        &["failed to fetch anonymous token"],
    )
    .and(REFUSED),
    rule(
        Cause::NoCredential,
        Where::Pull,
        &["no basic auth credentials"],
    ),
    rule(
        Cause::Dns,
        Where::Pull,
        &[
            "no such host",
            "temporary failure in name resolution",
            "server misbehaving",
        ],
    ),
    // A name server that does not answer.
    rule(Cause::Dns, Where::Pull, &["dial tcp: lookup "]).and(CONNECTION),
    rule(
        Cause::Unreachable,
        Where::Pull,
        &[
            "i/o timeout",
            "client.timeout",
            "tls handshake timeout",
            "connection refused",
            "connection reset",
            "no route to host",
            "network is unreachable",
            "connection timed out",
            "context deadline exceeded",
            // A page of a proxy in place of an image.
            "unexpected media type text/html",
        ],
    ),
    rule(
        Cause::ServerError,
        Where::Pull,
        &[
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway time",
            "unexpected http status: 5",
        ],
    ),
    rule(
        Cause::NotFound,
        Where::Pull,
        &[
            "manifest unknown",
            "manifest_unknown",
            "name unknown",
            "name_unknown",
            "repository name not known to registry",
            "404 not found",
        ],
    ),
    rule(
        Cause::Unauthorized,
        Where::Pull,
        &[
            "unauthorized: authentication required",
            "authentication required",
            "401 unauthorized",
            "status: 401",
            "status code 401",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use crate::why::rules::RULES;

    #[test]
    fn every_word_is_lower_case() {
        for rule in RULES {
            let all = rule.words.iter().chain(rule.and).chain(rule.not);
            for word in all {
                assert_eq!(*word, word.to_ascii_lowercase());
            }
        }
    }
}
