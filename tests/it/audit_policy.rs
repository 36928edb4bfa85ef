//! The policy of `audit`: where it is found, what wins, and how its mistakes are reported.

use pullwright::cli::Exit;

use crate::audit::case;
use crate::support::{SMALL, Scratch, source};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: sample-pod}
spec:
  containers: [{name: c, image: \"youruniquename.azurecr.io/sample:1\"}]
";

/// A policy with these lines.
fn policy(lines: &str) -> String {
    format!("apiVersion: pullwright.dev/v1alpha1\nkind: PullAudit\n{lines}\n")
}

const ATTACHED: &str = "attached: [{server: youruniquename.azurecr.io}]";

/// The messages of a policy with these lines, without the kind of the message.
fn mistakes(lines: &str) -> String {
    let scratch = Scratch::new();
    scratch.write("pod.yaml", POD);
    scratch.write("pullwright-audit.yaml", policy(lines));
    let outcome = scratch.expect(&["audit"], Exit::Failed);
    assert_eq!(outcome.stdout, "");
    outcome.stderr
}

#[test]
fn it_is_found_in_the_root_of_each_path() {
    let scratch = Scratch::new();
    for directory in ["a", "b"] {
        scratch.write(&format!("{directory}/pod.yaml"), POD);
    }
    scratch.write("a/pullwright-audit.yaml", policy(ATTACHED));
    scratch.expect(&["audit", "a"], Exit::Ok);
    scratch.expect(&["audit", "b"], Exit::Differs);
    scratch.expect(&["audit", "a", "b"], Exit::Ok);
    // The root of the path is not the directory of the policy, and a file has no root.
    scratch.expect(&["audit"], Exit::Differs);
    scratch.expect(&["audit", "a/pod.yaml"], Exit::Differs);
    let named = ["--policy", "a/pullwright-audit.yaml"];
    scratch.expect(&[&["audit", "b"], &named[..]].concat(), Exit::Ok);
    let explained = scratch.expect(&["explain", "Pod/sample-pod", "a"], Exit::Ok);
    assert!(
        explained
            .stdout
            .contains("the node has access, says `attached` of `a/pullwright-audit.yaml`"),
        "{}",
        explained.stdout
    );
    let other = ["explain", "Pod/sample-pod", "b"];
    scratch.expect(&other, Exit::Differs);
    scratch.expect(&[&other[..], &named].concat(), Exit::Ok);
}

#[test]
fn a_stream_has_the_policy_of_the_working_directory() {
    let scratch = Scratch::new().stdin(POD);
    scratch.expect(&["audit", "-"], Exit::Differs);
    let scratch = Scratch::new().stdin(POD);
    scratch.write("pullwright-audit.yaml", policy(ATTACHED));
    scratch.expect(&["audit", "-"], Exit::Ok);
}

#[test]
fn flags_win_and_policies_must_agree() {
    let scratch = Scratch::new();
    scratch.write("a/pod.yaml", POD);
    let lines = format!("{ATTACHED}\ntarget: other");
    scratch.write("a/pullwright-audit.yaml", policy(&lines));
    scratch.expect(&["audit", "a"], Exit::Differs);
    scratch.expect(&["audit", "a", "--target", "aks"], Exit::Ok);
    scratch.write("b/pullwright-audit.yaml", policy("target: aks"));
    let outcome = scratch.expect(&["audit", "a", "b"], Exit::Failed);
    assert_eq!(
        outcome.stderr,
        "error[usage]: `a/pullwright-audit.yaml` and `b/pullwright-audit.yaml` set different values of `target`\n |\n = help: pass --target, or audit the directories one by one\n"
    );
    scratch.expect(&["audit", "a", "b", "--target", "aks"], Exit::Ok);
    let secret = "secrets: [{name: acr, namespaces: [web], servers: [youruniquename.azurecr.io]}]";
    let pod = POD.replace("spec:\n", "spec:\n  imagePullSecrets: [{name: acr}]\n");
    let scratch = Scratch::new();
    scratch.write("pod.yaml", pod);
    let lines = format!("{secret}\nnamespace: web");
    scratch.write("pullwright-audit.yaml", policy(&lines));
    scratch.expect(&["audit"], Exit::Ok);
    scratch.expect(&["audit", "-n", "shop"], Exit::Differs);
}

#[test]
fn all_mistakes_are_shown_at_their_places() {
    let all = mistakes(
        "attached: [{server: YourUniqueName.azurecr.io, reson: x}]
anonymus: [a.azurecr.io]
secrets: [{name: acr, servers: [], password: hunter2}]
ignore: [{rule: no-credental, reason: ''}, {rule: no-credential, object: web}]
kinds: [{group: example.com, kind: Thing}, {group: example.com, kind: thing, pod: spec}]
exclude: [../x, 'a[']
target: ask",
    );
    for (place, message) in [
        (
            "3:21",
            "error[invalid-name]: `YourUniqueName.azurecr.io` is not a valid login server",
        ),
        (
            "3:48",
            "error[unknown-key]: unknown key `reson` in `attached[0]`",
        ),
        (
            "4:1",
            "error[unknown-key]: unknown key `anonymus` in the document root",
        ),
        (
            "5:23",
            "error[out-of-range]: `secrets[0].servers` must not be empty",
        ),
        (
            "5:36",
            "error[unknown-key]: unknown key `password` in `secrets[0]`",
        ),
        (
            "6:17",
            "error[unknown-value]: unknown value `no-credental` of `ignore[0].rule`",
        ),
        (
            "6:39",
            "error[invalid-name]: `ignore[0].reason` must not be empty",
        ),
        (
            "6:45",
            "error[missing-key]: `reason` is missing in `ignore[1]`",
        ),
        ("6:74", "error[invalid-name]: `web` is not a valid object"),
        (
            "7:36",
            "error[missing-key]: `kinds[0]` does not set the path of its images",
        ),
        (
            "7:71",
            "error[duplicate]: duplicate kind `thing.example.com`",
        ),
        ("8:11", "error[invalid-name]: `../x` is not a valid glob"),
        ("8:17", "error[invalid-name]: `a[` is not a valid glob"),
        (
            "9:9",
            "error[unknown-value]: unknown value `ask` of `target`",
        ),
    ] {
        let at = all
            .find(message)
            .unwrap_or_else(|| panic!("{message}\n{all}"));
        let place = format!("--> pullwright-audit.yaml:{place}\n");
        let next = all[at..].lines().nth(1).expect("it has a place");
        assert_eq!(format!("{}\n", next.trim_start()), place, "{message}");
    }
    assert_eq!(all.matches("error[").count(), 14, "{all}");
    assert!(!all.contains("hunter2"), "{all}");
}

#[test]
fn a_text_that_is_no_policy_is_refused() {
    let scratch = Scratch::new();
    scratch.write("pod.yaml", POD);
    let refused = |name: &str, text: &str| {
        scratch.write(name, text);
        let outcome = scratch.run(&["audit", "--policy", name, "--format", "json"]);
        assert_eq!(outcome.exit, Exit::Failed);
        let json: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
        let codes = json["diagnostics"].as_array().expect("they are there");
        let codes: Vec<String> = codes.iter().map(|one| one["code"].to_string()).collect();
        codes.join(" ")
    };
    assert_eq!(refused("empty.yaml", ""), "\"empty\"");
    assert_eq!(refused("config.yaml", SMALL), "\"unknown-value\"");
    assert_eq!(refused("list.yaml", "- a\n"), "\"wrong-type\"");
    assert_eq!(refused("syntax.yaml", "a: [\n"), "\"syntax\"");
    let two = format!("{}---\n{}", policy(""), policy(""));
    assert_eq!(refused("two.yaml", &two), "\"several-documents\"");
    let missing = scratch.expect(&["audit", "--policy", "none.yaml"], Exit::Failed);
    assert!(missing.stderr.contains("pass an existing file to --policy"));
    let deep = policy(&format!("exclude: {}x{}", "[".repeat(500), "]".repeat(500)));
    assert_eq!(refused("deep.yaml", &deep), "\"too-deep\"");
}

#[test]
fn hostile_values_stay_in_their_lines() {
    let all = mistakes("attached: [{server: \"a\\n::error::b\\e[2J\", reason: \"\\u202ex\"}]");
    assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all:?}");
    assert!(!all.lines().any(|line| line.starts_with("::")), "{all}");
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_a_link_is_refused() {
    let scratch = Scratch::new();
    scratch.write("elsewhere.yaml", policy(ATTACHED));
    let link = scratch.path().join("pullwright-audit.yaml");
    std::os::unix::fs::symlink("elsewhere.yaml", link).expect("the folder is ours");
    let outcome = scratch.expect(&["audit"], Exit::Failed);
    assert!(
        outcome
            .stderr
            .contains("cannot read `pullwright-audit.yaml`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn excluded_files_are_counted_and_listed() {
    let outcome = case("policy").run(&["audit", "--verbose"]);
    for line in [
        "skipped: `pod.generated.yaml`: the policy excludes it\n",
        "skipped: `vendor/pod.yaml`: the policy excludes it\n",
    ] {
        assert!(outcome.stderr.contains(line), "{}", outcome.stderr);
    }
    // A file that is passed by its name is excluded as well.
    let scratch = Scratch::new();
    scratch.write("vendor/pod.yaml", POD);
    scratch.write("policy/p.yaml", policy("exclude: [vendor]"));
    let arguments = ["audit", "--policy", "policy/p.yaml"];
    // The globs of a policy elsewhere begin in the working directory.
    scratch.expect(&[&arguments[..], &["vendor/pod.yaml"]].concat(), Exit::Ok);
    scratch.expect(&arguments, Exit::Ok);
}

#[test]
fn a_config_above_the_paths_counts() {
    let attach = SMALL
        .split("      strategy")
        .next()
        .expect("it has entries")
        .replace(
            "  access:",
            "  clusters: [{name: prod, kind: aks, resourceGroup: rg-prod}]\n  access:",
        )
        + "      strategy: attach\n      registries: [youruniquename]\n      attach: {method: attachAcr}\n";
    let scratch = Scratch::new();
    scratch.write("top/pullwright.yaml", &attach);
    scratch.write("top/a/b/pod.yaml", POD);
    scratch.write("top/a/pod.yaml", POD);
    // Outside of a repository, the directory directly above.
    let outcome = scratch.expect(&["audit", "top/a"], Exit::Ok);
    assert!(
        outcome.stdout.contains("2 images in 2 files: 2 node"),
        "{}",
        outcome.stdout
    );
    scratch.expect(&["audit", "top/a/b"], Exit::Differs);
    // In one, all up to its top.
    std::fs::create_dir(scratch.path().join("top/.git")).expect("the folder is ours");
    scratch.expect(&["audit", "top/a/b"], Exit::Ok);
    std::fs::remove_dir(scratch.path().join("top/.git")).expect("it is there");
    std::fs::create_dir(scratch.path().join("top/a/.git")).expect("the folder is ours");
    scratch.expect(&["audit", "top/a/b"], Exit::Differs);
    scratch.expect(&["audit", "top/a"], Exit::Differs);
    // The nearest one counts, and a mistake in it is said.
    scratch.write(
        "top/a/pullwright.yaml",
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nimage: x\n",
    );
    let outcome = scratch.expect(&["audit", "top/a/b"], Exit::Differs);
    assert!(
        outcome
            .stderr
            .contains("`top/a/pullwright.yaml` is not a valid config"),
        "{}",
        outcome.stderr
    );
}

/// The example of the documentation is a policy, and its comment and globs do what is said of them.
#[test]
fn the_documented_policy_is_valid() {
    let page = source("docs/policy.md");
    let example = page.split("```yaml\n").nth(1).expect("it has an example");
    let example = example.split("```").next().expect("it ends");
    let scratch = Scratch::new();
    scratch.write("pullwright-audit.yaml", example);
    scratch.write("pod.yaml", POD);
    scratch.write(
        "vendor/pod.yaml",
        POD.replace("youruniquename", "otherregistry"),
    );
    let legacy = "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec: {template: {spec: \
                  {containers: [{image: \"otherregistry.azurecr.io/a:1\"}]}}}\n";
    scratch.write("legacy/a/app.yaml", legacy);
    let outcome = scratch.expect(&["audit", "--strict"], Exit::Ok);
    assert_eq!(
        outcome.stdout,
        "ok .: 2 images in 3 files: 1 node, 1 no-credential; 1 finding ignored; 1 file not read, see --verbose\n"
    );
}
