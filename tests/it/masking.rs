//! Known secrets are found in whatever form they stand, and ordinary files stay readable.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pullwright::mask::{Known, pair};
use pullwright::secret::Redacted;

use crate::canary::{HEART, assert_hidden, hex, json};
use crate::support::{files, root};

/// With all that somebody quotes.
fn canary() -> String {
    format!("c4nary'\"&+/<é>\\Pa55{HEART}")
}

/// A text beside itself.
fn one(text: &str, known: &Known) -> String {
    pair(text, text, known).0
}

/// The secret of a run, as it is planned.
fn known() -> Known {
    let canary = canary();
    let config = format!(
        "{{\"auths\":{{\"youruniquename.azurecr.io\":{{\"username\":\"sample-pull\",\"password\":{},\"auth\":\"{}\"}}}}}}",
        json(&canary),
        STANDARD.encode(format!("sample-pull:{canary}")),
    );
    Known::new([&Redacted::new(STANDARD.encode(config))])
}

#[test]
fn a_known_value_is_found_in_every_form() {
    let canary = canary();
    let percent = |keep: &str| -> String {
        let mut out = String::new();
        for byte in canary.bytes() {
            if byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte) {
                out.push(byte as char);
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    };
    let config = format!("{{\"auths\":{{\"a\":{{\"password\":{}}}}}}}", json(&canary));
    let wrapped: String = STANDARD
        .encode(format!("{}{config}", "lead".repeat(20)))
        .as_bytes()
        .chunks(76)
        .map(|line| format!("    {}\n", String::from_utf8_lossy(line)))
        .collect();
    let folded = json(&canary).replace("5v", "5\\\n      v");
    let escaped: String = json(&canary)
        .replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('é', "\\u00e9");
    let hex = hex(&canary);
    let forms = [
        ("raw", canary.clone()),
        ("in JSON", format!("{{\"a\":{}}}", json(&canary))),
        (
            "in JSON in JSON",
            json(&format!("{{\"a\":{}}}", json(&canary))),
        ),
        ("in ASCII JSON", escaped),
        ("in a URL", format!("https://x/?a={}&b=1", percent("-._~"))),
        (
            "in a lenient URL",
            format!("https://x/?a={}", percent("-._~!*'()+/&")),
        ),
        (
            "in single quotes of YAML",
            format!("a: '{}'", canary.replace('\'', "''")),
        ),
        ("over two lines", format!("a: {folded}")),
        (
            "in single quotes of a shell",
            format!("x='{}'", canary.replace('\'', "'\\''")),
        ),
        (
            "in single and double quotes",
            format!("x='{}'", canary.replace('\'', "'\"'\"'")),
        ),
        (
            "in double quotes of a shell",
            format!(
                "x=\"{}\"",
                canary.replace('\\', "\\\\").replace('"', "\\\"")
            ),
        ),
        (
            "in XML",
            canary
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('\'', "&#39;"),
        ),
        ("in hex", hex.clone()),
        ("in upper-case hex", hex.to_uppercase()),
        ("in base64", STANDARD.encode(&canary)),
        (
            "in base64, shifted by one",
            STANDARD.encode(format!("x{canary}y")),
        ),
        (
            "in base64, shifted by two",
            STANDARD.encode(format!("xx{canary}yy")),
        ),
        ("in base64 of URLs", URL_SAFE.encode(format!("x{canary}y"))),
        ("in base64 over many lines", wrapped),
        ("as a docker config in base64", STANDARD.encode(&config)),
        (
            "in base64 of base64",
            STANDARD.encode(STANDARD.encode(&config)),
        ),
        (
            "in base64 in a URL",
            STANDARD
                .encode(&config)
                .replace('=', "%3D")
                .replace('+', "%2B"),
        ),
        (
            "in base64 in a comment",
            format!("# it was {}", STANDARD.encode(&config)),
        ),
    ];
    let known = known();
    for (what, form) in forms {
        let text = format!("kind: ConfigMap\nabout: |\n  {form}\n");
        assert!(known.is_in(&text), "{what}: {text}");
        let (old, new) = pair(&text, "kind: ConfigMap\n", &known);
        assert_hidden(what, &old);
        assert_hidden(what, &new);
        let (old, new) = pair("", &text, &known);
        assert_hidden(what, &old);
        assert_hidden(what, &new);
        assert_hidden(what, &one(&text, &known));
        assert!(
            old.is_empty() && new.contains("kind: ConfigMap"),
            "{what}: {new}"
        );
    }
}

#[test]
fn a_short_value_counts_as_a_word_and_a_shorter_one_by_its_place_alone() {
    let of = |value: &str| Known::new([&Redacted::new(value.to_owned())]);
    assert_eq!(
        one("a: pull\nb: pulling\n", &of("pull")),
        "a: ***\nb: pulling\n"
    );
    assert_eq!(one("a: abc\nb: abcd\n", &of("abc")), "a: abc\nb: abcd\n");
    assert!(!of("abc").is_in("abc"));
}

/// What pullwright writes holds no secret but in Secrets, and is read in a diff.
#[test]
fn ordinary_files_stay_as_they_are() {
    let none = Known::default();
    let mut seen = 0;
    for file in files(&root().join("examples")) {
        if !file.to_string_lossy().contains("/expected/") || file.ends_with("pullwright.lock") {
            continue;
        }
        let text =
            std::fs::read_to_string(root().join("examples").join(&file)).expect("it is text");
        let is_secret = text.contains("\nkind: Secret\n");
        let want = if is_secret {
            text.replace("e30K", "***")
        } else {
            text.clone()
        };
        for known in [&none, &known()] {
            let masked = one(&text, known);
            let differs = want
                .lines()
                .zip(masked.lines())
                .find(|(want, have)| want != have);
            assert_eq!(differs, None, "{}", file.display());
            assert_eq!(want.len(), masked.len(), "{}", file.display());
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn ordinary_manifests_stay_as_they_are() {
    let text = "\
# A comment.
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {app.kubernetes.io/name: a}}
spec:
  template:
    spec:
      automountServiceAccountToken: true
      imagePullSecrets:
        - name: acr-secret
      volumes:
        - name: token
          projected: {sources: [{serviceAccountToken: {path: token}}]}
        - name: b
          secret: {secretName: my-secret}
      topologySpreadConstraints:
        - topologyKey: kubernetes.io/hostname
      containers:
        - image: youruniquename.azurecr.io/sample-container:0.0.1
          env:
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: password}}
            - name: LEVEL
              value: debug
";
    assert_eq!(one(text, &Known::default()), text);
}

#[test]
fn many_texts_take_little_time() {
    let known = known();
    let text: String = (0..60).fold(String::from("kind: ConfigMap\ndata:\n"), |mut text, at| {
        let _ = writeln!(text, "  key-{at}: some value that is a bit longer");
        text
    });
    // As many lines as a file of the largest size, without anything to find, and with much.
    let long = text.replace("longer", &"longer ".repeat(400));
    let started = std::time::Instant::now();
    let _ = pair(&text, &text, &known);
    let small = started.elapsed();
    let started = std::time::Instant::now();
    let _ = pair(&long, &long, &known);
    let factor = u128::try_from(long.len() / text.len()).expect("it is small");
    assert!(
        started.elapsed().as_micros() < 40 * factor * small.as_micros().max(200),
        "{:?}",
        started.elapsed()
    );
}
