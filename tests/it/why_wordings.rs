//! The words in which kubelets and container runtimes report each cause of a failed pull.

use pullwright::why::Cause;

/// Wordings of runtimes and kubelets, old and new, each with its cause. `IMAGE` stands for an image.
pub(crate) const WORDINGS: &[(Cause, &str)] = &[
    (
        Cause::NoCredential,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = failed to pull and unpack image \"IMAGE\": failed to resolve reference \"IMAGE\": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
    ),
    (
        Cause::NoCredential,
        "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://youruniquename.azurecr.io/oauth2/token?scope=repository%3Aapi%3Apull&service=youruniquename.azurecr.io: 401 Unauthorized",
    ),
    (
        Cause::NoCredential,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = Error response from daemon: Get https://youruniquename.azurecr.io/v2/api/manifests/1: no basic auth credentials",
    ),
    (
        Cause::NoCredential,
        "Back-off pulling image \"IMAGE\": ErrImagePull: failed to pull and unpack image \"IMAGE\": failed to resolve image: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://youruniquename.azurecr.io/oauth2/token?x: 401 Unauthorized",
    ),
    (
        Cause::CredentialRefused,
        "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
    ),
    (
        Cause::CredentialRefused,
        "failed to fetch oauth token: unexpected status from POST request to https://youruniquename.azurecr.io/oauth2/token: 401 Unauthorized",
    ),
    (
        Cause::CredentialRefused,
        "Failed to pull image \"IMAGE\": initializing source docker://IMAGE: unable to retrieve auth token: invalid username/password: unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
    ),
    (
        Cause::NoPermission,
        "failed to resolve reference \"IMAGE\": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    ),
    (
        Cause::NoPermission,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = Error response from daemon: pull access denied for youruniquename.azurecr.io/api, repository does not exist or may require 'docker login'",
    ),
    (
        Cause::NoPermission,
        "Failed to pull image \"IMAGE\": reading manifest 1 in youruniquename.azurecr.io/api: requested access to the resource is denied",
    ),
    (
        Cause::NoPermission,
        "Validating image pull permission: FAILED\nACR youruniquename.azurecr.io rejected token exchange: ACR token exchange endpoint returned error status: 401. body: ",
    ),
    (
        Cause::Unreachable,
        "failed to pull and unpack image \"IMAGE\": failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:d2315b567c8d8497: not found",
    ),
    (
        Cause::Unauthorized,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = Error response from daemon: Get https://youruniquename.azurecr.io/v2/api/manifests/1: unauthorized: authentication required",
    ),
    (
        Cause::Unauthorized,
        "Failed to pull image \"IMAGE\": initializing source docker://IMAGE: reading manifest 1 in youruniquename.azurecr.io/api: unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
    ),
    (
        Cause::NetworkRules,
        "failed to fetch oauth token: unexpected status from GET request to https://youruniquename.azurecr.io/oauth2/token?x: 403 Forbidden",
    ),
    (
        Cause::NetworkRules,
        "failed to fetch anonymous token: unexpected status: 403 Forbidden",
    ),
    (
        Cause::NetworkRules,
        "denied: {\"errors\":[{\"code\":\"DENIED\",\"message\":\"client with IP \\u0027203.0.113.7\\u0027 is not allowed access. Refer https://aka.ms/acr/firewall to grant access.\"}]}",
    ),
    (
        Cause::NetworkRules,
        "DENIED: client with IP '203.0.113.7' is not allowed access, refer https://aka.ms/acr/firewall to grant access'",
    ),
    (
        Cause::NotFound,
        "rpc error: code = NotFound desc = failed to pull and unpack image \"IMAGE\": failed to resolve reference \"IMAGE\": IMAGE: not found",
    ),
    (
        Cause::NotFound,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = Error response from daemon: manifest for IMAGE not found: manifest unknown: manifest tagged by \"1\" is not found",
    ),
    (
        Cause::NotFound,
        "Failed to pull image \"IMAGE\": initializing source docker://IMAGE: reading manifest 1 in youruniquename.azurecr.io/api: manifest unknown: manifest tagged by \"1\" is not found",
    ),
    (
        Cause::NotFound,
        "rpc error: code = NotFound desc = failed to pull and unpack image \"IMAGE\": failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:732cbede32a5c8b8 (application/vnd.docker.image.rootfs.diff.tar.gzip) from remote: not found",
    ),
    (
        Cause::NotFound,
        "failed to resolve reference \"IMAGE\": unexpected status from HEAD request to https://youruniquename.azurecr.io/v2/api/manifests/1: 404 Not Found",
    ),
    (
        Cause::Platform,
        "Failed to pull image \"IMAGE\": rpc error: code = NotFound desc = failed to pull and unpack image \"IMAGE\": no match for platform in manifest: not found",
    ),
    (
        Cause::Platform,
        "Failed to pull image \"IMAGE\": rpc error: code = Unknown desc = no matching manifest for linux/arm64/v8 in the manifest list entries",
    ),
    (
        Cause::Platform,
        "choosing image instance: no image found in image index for architecture \"arm64\", variant \"v8\", OS \"linux\"",
    ),
    (
        Cause::Platform,
        "image operating system \"windows\" cannot be used on this platform",
    ),
    (
        Cause::Throttled,
        "failed to resolve reference \"IMAGE\": unexpected status from HEAD request to https://youruniquename.azurecr.io/v2/api/manifests/1: 429 Too Many Requests",
    ),
    (
        Cause::Throttled,
        "Failed to pull image \"IMAGE\": reading manifest 1 in youruniquename.azurecr.io/api: toomanyrequests: too many requests",
    ),
    (
        Cause::KubeletThrottled,
        "Failed to pull image \"IMAGE\": pull QPS exceeded",
    ),
    (
        Cause::LayerHost,
        "failed to pull and unpack image \"IMAGE\": failed to copy: httpReadSeeker: failed open: failed to do request: Get \"https://weurmanaged1.blob.core.windows.net/x\": dial tcp 20.60.0.1:443: i/o timeout",
    ),
    (
        Cause::LayerHost,
        "failed to pull and unpack image \"IMAGE\": failed to copy: httpReadSeeker: failed open: failed to do request: Get \"https://youruniquename.westeurope.data.azurecr.io/x\": dial tcp: lookup youruniquename.westeurope.data.azurecr.io: no such host",
    ),
    (
        Cause::LayerHost,
        "failed to copy: httpReadSeeker: failed open: unexpected status code https://weurmanaged1.blob.core.windows.net/x: 403 Forbidden",
    ),
    (
        Cause::Dns,
        "failed to do request: Head \"https://youruniquename.azurecr.io/v2/api/manifests/1\": dial tcp: lookup youruniquename.azurecr.io on 168.63.129.16:53: no such host",
    ),
    (
        Cause::Dns,
        "failed to do request: Head \"https://youruniquename.azurecr.io/v2/api/manifests/1\": dial tcp: lookup youruniquename.azurecr.io: i/o timeout",
    ),
    (
        Cause::Dns,
        "pinging container registry youruniquename.azurecr.io: Get \"https://youruniquename.azurecr.io/v2/\": dial tcp: lookup youruniquename.azurecr.io: Temporary failure in name resolution",
    ),
    (
        Cause::Unreachable,
        "failed to do request: Head \"https://youruniquename.azurecr.io/v2/api/manifests/1\": dial tcp 10.1.0.5:443: i/o timeout",
    ),
    (
        Cause::Unreachable,
        "Get \"https://youruniquename.azurecr.io/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    ),
    (
        Cause::Unreachable,
        "failed to pull and unpack image \"IMAGE\": failed to copy: read tcp 10.0.0.4:41234->20.50.0.1:443: read: connection reset by peer",
    ),
    (
        Cause::Unreachable,
        "failed to pull and unpack image \"IMAGE\": failed to copy: httpReadSeeker: failed open: failed to do request: Get \"https://youruniquename.azurecr.io/v2/x\": net/http: TLS handshake timeout",
    ),
    (
        Cause::Certificate,
        "failed to do request: Head \"https://youruniquename.azurecr.io/v2/api/manifests/1\": x509: certificate signed by unknown authority",
    ),
    (
        Cause::Certificate,
        "pinging container registry youruniquename.azurecr.io: Get \"https://youruniquename.azurecr.io/v2/\": tls: failed to verify certificate: x509: certificate is valid for proxy.example, not youruniquename.azurecr.io",
    ),
    (
        Cause::ServerError,
        "failed to resolve reference \"IMAGE\": unexpected status from HEAD request to https://youruniquename.azurecr.io/v2/api/manifests/1: 503 Service Unavailable",
    ),
    (
        Cause::ServerError,
        "Error response from daemon: Get https://youruniquename.azurecr.io/v2/api/manifests/1: received unexpected HTTP status: 500 Internal Server Error",
    ),
    (
        Cause::BrokenSecret,
        "Failed to pull image \"IMAGE\": unable to parse auth field, must be formatted as base64(username:password)",
    ),
    (
        Cause::BrokenSecret,
        "Failed to pull image \"IMAGE\": illegal base64 data at input byte 4",
    ),
    (
        Cause::BrokenSecret,
        "Failed to pull image \"IMAGE\": invalid character 'a' looking for beginning of value",
    ),
    (
        Cause::InvalidImageName,
        "Failed to apply default image tag \"youruniquename.azurecr.io/api:${TAG}\": couldn't parse image name \"youruniquename.azurecr.io/api:${TAG}\": invalid reference format",
    ),
    (Cause::InvalidImageName, "Error: InvalidImageName"),
    (
        Cause::MissingSecret,
        "Warning  FailedToRetrieveImagePullSecret  4s (x9 over 95s)  kubelet  Unable to retrieve some image pull secrets (acr-secret); attempting to pull the image may not succeed.",
    ),
    (
        Cause::MissingSecret,
        "\"Unable to retrieve pull secret, the image pull may not succeed.\" pod=\"shop/api-0\" secret=\"\" err=\"secret \\\"acr-secret\\\" not found\"",
    ),
    (
        Cause::NeverPull,
        "Container image \"IMAGE\" is not present with pull policy of Never",
    ),
    (Cause::NeverPull, "Error: ErrImageNeverPull"),
];
