//! Each rule: what it takes, what it refuses, and what it suggests instead.

use crate::names::{RULES, rule};

/// What `format` reports for `text`: `None` if it is fine, else the suggestion or an empty text.
fn verdict(format: &str, text: &str) -> Option<String> {
    let rule = rule(format).expect("the format is a rule");
    (rule.check)(text)
        .err()
        .map(|fault| fault.suggestion.unwrap_or_default())
}

#[test]
fn every_rule_takes_its_own_examples() {
    for rule in RULES {
        for example in rule.examples {
            assert_eq!((rule.check)(example), Ok(()), "{}", rule.format);
        }
    }
}

#[test]
fn no_rule_takes_a_hostile_text() {
    let hostile = [
        "",
        "a\nb",
        "a\0b",
        "\u{1b}[2J",
        "-rf\n",
        "a\u{85}b",
        "a\u{9b}b",
        "a\u{2028}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\u{200f}b",
        "a\u{feff}b",
        "a\u{e0041}b",
    ];
    for rule in RULES {
        // The core group has no name, and a label may have no value.
        let takes_none = ["kubernetes-api-group", "kubernetes-label-value"];
        let may_be = |text: &&str| text.is_empty() && takes_none.contains(&rule.format);
        for text in hostile.iter().filter(|text| !may_be(text)) {
            assert!(
                (rule.check)(text).is_err(),
                "{} takes {text:?}",
                rule.format
            );
        }
    }
}

#[test]
fn no_name_that_reaches_a_program_is_taken_for_an_option_or_a_file() {
    // A path is opened by pullwright alone; a word such as `@daily` is only written to YAML. A glob and a
    // reason reach nothing.
    let local = [
        "local-file",
        "relative-folder",
        "template-folder",
        "include-path",
        "path-glob",
        "reason",
    ];
    for rule in RULES.iter().filter(|rule| !local.contains(&rule.format)) {
        for text in ["-x", "--debug", "@/etc/passwd", "@a", "a=@/etc/passwd"] {
            assert!(
                (rule.check)(text).is_err(),
                "{} takes {text:?}",
                rule.format
            );
        }
    }
}

#[test]
fn names_that_reach_a_script_or_a_manifest_hold_no_shell() {
    let free = [
        "local-file",
        "relative-folder",
        "template-folder",
        "include-path",
        "kubectl-context",
        "path-glob",
        "reason",
    ];
    for rule in RULES.iter().filter(|rule| !free.contains(&rule.format)) {
        for text in [
            "$(id)", "a'b", "a\"b", "a;b", "a`b`", "--flag=x", "a b;c", "{{x}}",
        ] {
            assert!(
                (rule.check)(text).is_err(),
                "{} takes {text:?}",
                rule.format
            );
        }
    }
}

#[test]
fn wrong_names_get_a_right_one() {
    for (format, text, want) in [
        (
            "kubernetes-service-account-name",
            "SampleAccount",
            "sample-account",
        ),
        ("kubernetes-namespace", "my_team", "my-team"),
        ("kubernetes-namespace", "-x-", "x"),
        ("kubernetes-secret-name", "ACR Secret", "acr-secret"),
        (
            "acr-registry-name",
            "youruniquename.azurecr.io",
            "youruniquename",
        ),
        ("acr-registry-name", "YourUnique-Name", "youruniquename"),
        (
            "acr-registry-name",
            "https://youruniquename-a1b2.azurecr.io/",
            "youruniquename",
        ),
        (
            "acr-login-server",
            "https://youruniquename.azurecr.io/",
            "youruniquename.azurecr.io",
        ),
        (
            "acr-login-server",
            "youruniquename.azurecr.io:443",
            "youruniquename.azurecr.io",
        ),
        (
            "acr-login-server",
            "YourUniqueName.azurecr.io",
            "youruniquename.azurecr.io",
        ),
        (
            "acr-login-server",
            "youruniquename",
            "youruniquename.azurecr.io",
        ),
        (
            "acr-login-server",
            "youruniquename.westeurope.data.azurecr.io",
            "youruniquename.azurecr.io",
        ),
        ("acr-repository-pattern", "team*", "team/*"),
        (
            "registry-host",
            "https://YourUniqueName.azurecr.io/v2/",
            "youruniquename.azurecr.io",
        ),
        (
            "registry-host",
            "Registry.example.com:5000",
            "registry.example.com:5000",
        ),
        (
            "registry-host",
            "youruniquename",
            "youruniquename.azurecr.io",
        ),
        ("registry-host", "registry.example.com:0", ""),
        ("registry-host", "a..b", ""),
        ("object-pattern", "web", "*/web"),
        ("object-pattern", "Deployment/", ""),
        ("path-glob", "../vendor", ""),
        ("path-glob", "a[", ""),
        ("reason", "  ", ""),
        ("kubernetes-api-group", "example.com/v1", "example.com"),
        ("field-path", ".spec.image", "spec.image"),
        ("field-path", "/spec/image", "spec.image"),
        ("field-path", "$.spec.tasks[*].image", "spec.tasks[].image"),
        ("field-path", "spec.tasks[0].image", ""),
        ("field-path", "spec..image", ""),
        ("field-path", "spec.a*.image", ""),
        ("kubernetes-kind", "1Thing", ""),
        ("kubernetes-kind", "things.example.com", ""),
        ("acr-repository-pattern", "a/*/b", "a/*"),
        ("acr-token-name", "sample_pull", "sample-pull"),
        ("azure-region", "West Europe", "westeurope"),
        (
            "image-reference",
            "https://a.azurecr.io/x:1",
            "a.azurecr.io/x:1",
        ),
        (
            "image-reference",
            "a.azurecr.io/Team/X:1",
            "a.azurecr.io/team/x:1",
        ),
        ("kubernetes-version", "v1.34", "1.34"),
    ] {
        assert_eq!(
            verdict(format, text).as_deref(),
            Some(want),
            "{format} {text}"
        );
    }
}

#[test]
fn login_servers_in_all_their_forms() {
    for good in [
        "youruniquename.azurecr.cn",
        "youruniquename.azurecr.us",
        "youruniquename.azurecr.sovcloud-azure.fr",
        "youruniquename-e7ggejfuhzhgedc8.azurecr.io",
        "youruniquename.westeurope.geo.azurecr.io",
    ] {
        assert_eq!(verdict("acr-login-server", good), None, "{good}");
    }
    for bad in [
        "youruniquename.azurecr.de",
        "docker.io",
        "your-.azurecr.io",
        "a.azurecr.io",
        "..azurecr.io",
        "x.y.azurecr.io",
    ] {
        assert!(verdict("acr-login-server", bad).is_some(), "{bad}");
    }
}

#[test]
fn image_references_follow_the_grammar() {
    let digest = format!("youruniquename.azurecr.io/a@sha256:{}", "a".repeat(64));
    for good in [
        "nginx",
        "a/b/c",
        "youruniquename.azurecr.io/a__b/c-d.e:v1",
        "localhost:5000/x",
        digest.as_str(),
    ] {
        assert_eq!(verdict("image-reference", good), None, "{good}");
    }
    for bad in ["a//b", "a/-b", "a:", "a:.x", "a___b", "a@sha256:abc", "a b"] {
        assert!(verdict("image-reference", bad).is_some(), "{bad}");
    }
}

#[test]
fn lengths_are_bounded() {
    for (format, longest) in [
        ("kubernetes-namespace", 63),
        ("kubernetes-secret-name", 253),
        ("kubernetes-workload-name", 63),
        ("acr-registry-name", 50),
        ("azure-resource-group", 90),
    ] {
        assert_eq!(verdict(format, &"a".repeat(longest)), None, "{format}");
        assert!(
            verdict(format, &"a".repeat(longest + 1)).is_some(),
            "{format}"
        );
    }
}
