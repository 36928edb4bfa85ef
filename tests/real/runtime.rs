//! The functions of the scripts' runtime one by one, in a bash that has sourced it.

use crate::tools::{examples, program, run};

/// What some lines of bash print after the runtime was read.
fn bash(lines: &str) -> String {
    let runtime = examples()[0].join("expected/_runtime/pullwright.sh");
    // The trap at the end is of whole scripts.
    let code = format!("source \"$1\"\ntrap - EXIT\n{lines}\n");
    let output = run(program("bash").args(["-c", &code, "x"]).arg(runtime));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The exit code and the messages of some lines of bash.
fn failing(lines: &str) -> (Option<i32>, String) {
    let runtime = examples()[0].join("expected/_runtime/pullwright.sh");
    let code = format!("source \"$1\"\n{lines}\n");
    let output = program("bash")
        .args(["-c", &code, "x"])
        .arg(runtime)
        .output()
        .expect("bash starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), text)
}

#[test]
fn references_of_images_are_split_as_registries_name_them() {
    for (image, parts) in [
        ("a.azurecr.io/b:1", "a.azurecr.io b 1"),
        ("a.azurecr.io/b/c", "a.azurecr.io b/c latest"),
        ("a.azurecr.io/b:1@sha256:0a", "a.azurecr.io b sha256:0a"),
        ("a.azurecr.io/b@sha256:0a", "a.azurecr.io b sha256:0a"),
        ("a.example.com:5000/b/c:v1", "a.example.com:5000 b/c v1"),
    ] {
        let said = bash(&format!(
            "split_image '{image}'\necho \"${{image_host}} ${{image_repository}} ${{image_version}}\""
        ));
        assert_eq!(said.trim(), parts, "{image}");
    }
}

#[test]
fn a_step_keeps_its_words_whatever_they_hold() {
    let said = bash(
        "plan_step call 0 'a b' az '' '$(id)' \"it's\" '--x y' '*'
        show_step \"${steps[0]}\" 2>&1
        split \"${steps[0]%\"${unit}\"}\"
        printf '<%s>' \"${parts[@]}\"",
    );
    assert_eq!(
        said,
        "+ az '' \\$\\(id\\) it\\'s --x\\ y \\*\n<call><0><a b><az><><$(id)><it's><--x y><*>"
    );
    let (code, text) = failing("plan_step call 0 a $'b\\nc'");
    assert_eq!(code, Some(1));
    assert!(text.contains("control characters"), "{text}");
}

#[test]
fn json_lines_are_commands_of_nobody() {
    let message = "##vso[task.complete]\n::error::x \u{202e} \u{9b}31m é \u{1b}[0m";
    let said = bash(&format!(
        "json=yes\nreport error message '{message}' changes 3"
    ));
    let line: serde_json::Value = serde_json::from_str(&said).expect("it is one line of JSON");
    let want = serde_json::json!({"type": "error", "message": message, "changes": 3});
    assert_eq!(line, want);
    let is_plain = |c: char| c == '\n' || c.is_ascii_graphic() || c == ' ';
    assert!(said.chars().all(is_plain) && !said.contains('#'), "{said}");
}

#[test]
fn a_long_text_is_split_in_linear_time() {
    let said = bash(
        "long=\"$(printf '%0900000d' 0)\"
        split \"a${unit}${long}${unit}b\"
        echo \"${#parts[@]} ${#parts[1]} ${parts[2]}\"",
    );
    assert_eq!(said.trim(), "3 900000 b");
}

#[test]
fn an_interrupted_runner_sums_up_what_ended() {
    let (code, text) = failing(
        "kind=all action=apply
        part attach a/attach-x.sh --cluster x
        part attach b/attach-x.sh --cluster x
        run_part() {
          if [[ \"$1\" -eq 1 ]]; then kill -TERM \"$$\"; fi
          echo '2 changed'
        }
        run_parts",
    );
    assert_eq!(code, Some(1), "{text}");
    let (_, end) = text
        .split_once("error: interrupted while running b/attach-x.sh\n")
        .expect("it says so");
    let words: Vec<&str> = end.split_whitespace().collect();
    assert_eq!(
        words,
        [
            "script",
            "changes",
            "result",
            "a/attach-x.sh",
            "2",
            "changed"
        ]
    );
}

#[test]
fn old_programs_are_refused() {
    for (have, want) in [
        ("1.6", "1.6"),
        ("1.7.1", "1.6"),
        ("2", "1.6"),
        ("3.2.57(1)-release", "3.2"),
    ] {
        bash(&format!("need_version x '{have}' {want}"));
    }
    for (have, want) in [
        ("1.5", "1.6"),
        ("2.49.0", "2.50"),
        ("2.9", "2.50"),
        ("master", "1.6"),
        ("", "1.24"),
    ] {
        let (code, text) = failing(&format!("need_version x '{have}' {want}"));
        assert_eq!(code, Some(1), "{have}");
        assert!(text.contains("is too old"), "{text}");
    }
}

#[test]
fn declarations_are_checked() {
    let said = bash(
        "cluster 'prod' --context '--odd' --resource-group 'rg'
        registry 'one' --login-server 'one.azurecr.io' --role-assignment-mode detect
        token 't' --scope-map 'm' --days '90' --repositories 'a' 'b/*'
        split \"${credential_repositories[0]}\"
        echo \"${kubectl[*]} ${parts[*]}\"",
    );
    assert_eq!(said.trim(), "kubectl --context --odd a b/*");
    for (declaration, why) in [
        ("cluster 'prod'", "has no --context"),
        ("cluster 'prod' --kontext 'a'", "unknown flag --kontext"),
        ("cluster 'prod' --context 'a' 'b'", "unexpected word b"),
        ("cluster 'prod' --context", "no value for --context"),
        ("secret 's' --namespaces $'a\\nb'", "control characters"),
        ("admin-user", "does not follow its registry"),
        ("script pull-secret --runtime 0 --owner 'a'", "of format 0"),
    ] {
        let (code, text) = failing(declaration);
        assert_eq!(code, Some(1), "{declaration}");
        assert!(text.contains(why), "{declaration}: {text}");
    }
}

/// What `explain` says to a failure of a program with these words, and its class.
fn explained(program: &str, words: &str) -> (Option<i32>, String) {
    failing(&format!(
        "trap - EXIT
        kubectl() {{ printf '%s\\n' other; }}
        cluster 'prod' --context 'prod' --resource-group 'rg'
        looking_for='registry one'
        printf '%s\\n%s1\\n' '{words}' \"${{unit}}\" | explain {program}"
    ))
}

#[test]
fn failures_of_kubectl_say_what_to_do() {
    for (words, class, way_out) in [
        (
            r#"error: context "prod" does not exist"#,
            83,
            "has no context prod: run az aks get-credentials --resource-group rg --name prod",
        ),
        (
            "error: You must be logged in to the server (Unauthorized)",
            81,
            "does not accept your login",
        ),
        (
            r#"Error from server (Forbidden): secrets "a" is forbidden: User "dev" cannot patch resource "secrets" in API group "" in the namespace "web""#,
            82,
            "you cannot patch secrets in namespace web",
        ),
        (
            r#"Error from server (NotFound): namespaces "web" not found"#,
            83,
            "namespace web does not exist",
        ),
        (
            "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
            85,
            "cannot be reached",
        ),
        (
            "The Secret \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
            87,
            "is immutable",
        ),
        (
            r#"Error from server (Forbidden): secrets "a" is forbidden: exceeded quota: none"#,
            87,
            "quota",
        ),
    ] {
        let (code, text) = explained("kubectl", words);
        assert_eq!(code, Some(class), "{words}: {text}");
        assert!(text.contains(way_out), "{text}");
    }
    // What is not known stays as it is.
    let (code, text) = explained("kubectl", "something else");
    assert_eq!((code, text.as_str()), (Some(1), "something else\n"));
}

#[test]
fn failures_of_az_say_what_to_do() {
    for (words, class, way_out) in [
        (
            "ERROR: Please run \"az login\" to setup account.",
            81,
            "run az login",
        ),
        (
            "(AuthorizationFailed) The client a does not have authorization to perform action \"Microsoft.Authorization/roleAssignments/write\" over scope \"/x\"",
            82,
            "Role Based Access Control Administrator",
        ),
        (
            "Insufficient privileges to complete the operation.",
            82,
            "Application Administrator",
        ),
        (
            "(SubscriptionNotFound) The subscription x could not be found.",
            83,
            "subscription",
        ),
        (
            "(ResourceNotFound) The Resource x was not found.",
            83,
            "registry one does not exist",
        ),
        (
            "(TooManyRequests) The request is being throttled.",
            84,
            "throttles your requests",
        ),
        (
            "(PrincipalNotFound) Principal x does not exist in the directory",
            86,
            "has not replicated",
        ),
        ("Connection reset by peer", 85, "cannot be reached"),
        (
            "No password credential found with keyId.",
            88,
            "does not exist any more",
        ),
    ] {
        let words = words.replace("perform action \"Microsoft.Authorization/roleAssignments/write\" over scope \"/x\"", "perform action '\\''Microsoft.Authorization/roleAssignments/write'\\'' over scope '\\''/x'\\''");
        let (code, text) = explained("az", &words);
        assert_eq!(code, Some(class), "{words}: {text}");
        assert!(text.contains(way_out), "{text}");
    }
}

#[test]
fn actions_that_the_config_does_not_want_become_flags_of_az() {
    let said = bash(
        "jq -r \"${jq_extra}\" <<'JSON'
[\"repositories/a/b/content/write\", \"repositories/*/metadata/read\", \"gateway/x/config/read\", \"other/x\", \"repositories/a b/content/read\"]
JSON",
    );
    assert_eq!(
        said,
        "--remove-repository a/b content/write\n--remove-repository * metadata/read\n--remove-gateway x config/read\n"
    );
}

#[test]
fn a_new_password_goes_into_the_slot_that_no_secret_holds() {
    for (held, newest, slot) in [
        ("", "", "password1"),
        ("", "password1", "password2"),
        ("one.azurecr.io=t/password1/NEW", "password1", "password2"),
        ("one.azurecr.io=t/password2/NEW", "password2", "password1"),
        // The slot that is older, and that a Secret holds all the same.
        ("one.azurecr.io=t/password2/OLD", "password1", "password1"),
        ("one.azurecr.io=t/password1/OLD", "password2", "password2"),
        // A password that has been replaced since.
        (
            "one.azurecr.io=t/password1/2025-01-01T00:00:00",
            "password2",
            "password1",
        ),
        // A token of the same name on another registry.
        ("two.azurecr.io=t/password1/NEW", "password2", "password1"),
        (
            "one.azurecr.io=t/password1/OLD one.azurecr.io=t/password2/NEW",
            "password2",
            "password1",
        ),
    ] {
        let held = held.replace("OLD", "2026-01-01T00:00:00");
        let held = held.replace("NEW", "2026-02-01T00:00:00");
        let older = if newest == "password1" {
            "password2"
        } else {
            "password1"
        };
        let said = bash(&format!(
            "registry 'one' --login-server 'one.azurecr.io' --role-assignment-mode detect
            token 't' --scope-map 'm' --days '90' --repositories 'a'
            held_ids=' {held}'
            if [[ -n '{newest}' ]]; then
              token_json_of[0]='{{\"credentials\":{{\"passwords\":[{{\"name\":\"{newest}\",\"creationTime\":\"2026-02-01T00:00:00Z\"}},{{\"name\":\"{older}\",\"creationTime\":\"2026-01-01T00:00:00Z\"}}]}}}}'
            fi
            plan_token_password 0
            printf '%s' \"${{steps[0]}}\" | tr '\\037' ' '"
        ));
        assert!(
            said.contains(&format!(" --{slot} ")),
            "{held:?} {newest}: {said}"
        );
    }
}
