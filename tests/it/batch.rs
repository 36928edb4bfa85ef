//! Several configs in one run: files, folders, globs; together or not at all.

use std::process::Command;

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{SMALL, Scratch};

/// Three configs in folders, one more that git ignores, one in a hidden folder.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    for folder in ["a", "b/deep", ".hidden", "ignored"] {
        scratch.write(&format!("{folder}/pullwright.yaml"), SMALL);
    }
    scratch.write(".gitignore", "ignored/\n");
    scratch.write(".git/pullwright.yaml", SMALL);
    scratch.write("b/other.yaml", SMALL);
    scratch
}

#[test]
fn a_folder_means_every_config_below_that_git_does_not_ignore() {
    let scratch = repository();
    let outcome = scratch.expect(&["render", "."], Exit::Ok);
    assert!(
        outcome.stderr.ends_with(
            "pullwright: 21 changes made in 3 of 3 output directories; 0 files already up to date\n\
             next: run `kubectl create -f .hidden/k8s/sample/default/secret.yaml` once, and let your other tool fill the Secret, and so for 2 more Secrets\n\
             next: run `kubectl apply -k .hidden/k8s` (kubectl 1.14 or newer contains kustomize), and so for 2 more directories\n"
        ),
        "{}",
        outcome.stderr
    );
    for folder in ["a", "b/deep", ".hidden"] {
        assert!(
            scratch.has(&format!("{folder}/k8s/pullwright.lock")),
            "{folder}"
        );
    }
    assert!(!scratch.has("ignored/k8s") && !scratch.has("b/k8s"));
    let outcome = scratch.expect(&["check", "."], Exit::Ok);
    assert_eq!(
        outcome.stdout,
        "ok .hidden/pullwright.yaml: .hidden/k8s: 7 files\n\
         ok a/pullwright.yaml: a/k8s: 7 files\n\
         ok b/deep/pullwright.yaml: b/deep/k8s: 7 files\n"
    );
    assert_eq!(outcome.stderr, "pullwright: 3 ok, 0 differ, 0 invalid\n");
    let again = scratch.expect(&["render", "."], Exit::Ok);
    assert_eq!(
        again.stderr,
        "pullwright: nothing to do: 21 files in 3 output directories already up to date\n"
    );
    // By its own name, an ignored config is as good as any.
    scratch.expect(&["validate", "ignored/pullwright.yaml"], Exit::Ok);
}

#[test]
fn a_glob_names_configs_of_any_name_and_each_config_counts_once() {
    let scratch = repository();
    let outcome = scratch.expect(
        &[
            "check",
            "b/*.yaml",
            "**/{deep,nothing}/*.yaml",
            "b/./other.yaml",
            "b",
        ],
        Exit::Differs,
    );
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "differs b/other.yaml: b/k8s: 7 to create",
            "differs b/deep/pullwright.yaml: b/deep/k8s: 7 to create"
        ]
    );
    scratch.write("c/we[i]rd.yaml", SMALL);
    scratch.expect(&["validate", "c/we[i]rd.yaml"], Exit::Ok);
}

#[test]
fn nothing_found_is_an_error() {
    let scratch = repository();
    for (name, message) in [
        ("c*/x.yaml", "no file matches `c*/x.yaml`"),
        (
            "b/deep/[",
            "`b/deep/[` is not a valid pattern: unclosed character class",
        ),
        ("empty", "`empty` contains no `pullwright.yaml`"),
        ("gone", "cannot read `gone`: no such file or directory"),
    ] {
        scratch.write("empty/file", "");
        let outcome = scratch.expect(&["check", name], Exit::Failed);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    let outcome = scratch.expect(&["check", "empty", "--format", "json"], Exit::Failed);
    let value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    assert_eq!(value["diagnostics"][0]["code"], "no-config");
}

#[test]
fn one_broken_config_keeps_all_from_being_written_and_the_others_are_still_checked() {
    let scratch = repository();
    scratch.write("a/pullwright.yaml", SMALL.replace("strategy", "stratgy"));
    let before = scratch.snapshot();
    let outcome = scratch.expect(&["render", "."], Exit::Failed);
    assert!(
        outcome.stderr.contains("--> a/pullwright.yaml:10:7")
            && outcome
                .stderr
                .ends_with("nothing was written: 1 of 3 configs cannot be rendered\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(scratch.snapshot(), before);
    let outcome = scratch.expect(&["check", "a", "b"], Exit::Failed);
    assert_eq!(
        outcome.stdout,
        "invalid a/pullwright.yaml: 1 error\n\
         differs b/deep/pullwright.yaml: b/deep/k8s: 7 to create\n"
    );
    let outcome = scratch.expect(&["diff", "."], Exit::Failed);
    assert!(
        outcome
            .stdout
            .contains("+++ b/b/deep/k8s/kustomization.yaml")
    );
    assert!(
        outcome
            .stderr
            .ends_with("pullwright: 2 of 3 configs differ\n")
    );
}

#[test]
fn a_file_edited_by_hand_stops_the_whole_run() {
    let scratch = repository();
    scratch.expect(&["render", "a"], Exit::Ok);
    scratch.write("a/k8s/kustomization.yaml", "edited: true\n");
    let outcome = scratch.expect(&["render", "."], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[hand-edited]"),
        "{}",
        outcome.stderr
    );
    assert!(!scratch.has("b/deep/k8s"));
    scratch.expect(&["render", ".", "--force"], Exit::Ok);
    assert!(scratch.has("b/deep/k8s/kustomization.yaml"));
}

#[test]
fn no_two_configs_share_an_output() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", SMALL);
    scratch.write("b.yaml", SMALL);
    let below = SMALL.replace("spec:\n", "spec:\n  output: k8s/sample\n");
    scratch.write("c.yaml", below);
    for command in ["render", "diff", "check"] {
        let outcome = scratch.expect(&[command, "a.yaml", "b.yaml", "c.yaml"], Exit::Failed);
        for message in [
            "output directory `k8s` is also used by `a.yaml`",
            "output `k8s/sample/kustomization.yaml` is also used by `a.yaml`",
        ] {
            assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        }
    }
    assert!(!scratch.has("k8s"));
    let outcome = scratch.expect(&["render", "a.yaml", "b.yaml", "--out", "x"], Exit::Failed);
    assert!(
        outcome.stderr.contains("error[usage]"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_exit_code_of_render_can_tell_that_something_was_written() {
    let scratch = repository();
    scratch.expect(&["render", "a", "--exit-code", "--dry-run"], Exit::Differs);
    scratch.expect(&["render", "a", "--exit-code"], Exit::Differs);
    scratch.expect(&["render", "a", "--exit-code"], Exit::Ok);
}

#[test]
fn stdout_takes_several_configs() {
    let scratch = repository();
    let outcome = scratch.expect(&["render", "--stdout", "."], Exit::Ok);
    assert_eq!(outcome.stdout.matches("\nkind: Pod\n").count(), 3);
    let scratch = scratch.stdin(SMALL);
    let outcome = scratch.expect(&["render", "--stdout", "-", "a"], Exit::Ok);
    assert_eq!(outcome.stdout.matches("\nkind: Pod\n").count(), 2);
}

#[test]
fn annotations_say_what_is_wrong_where() {
    let scratch = repository();
    scratch.expect(&["render", "a"], Exit::Ok);
    scratch.write("a/pullwright.yaml", SMALL.replace("0.0.1", "latest"));
    scratch.write(
        "b/deep/pullwright.yaml",
        SMALL.replace("strategy", "stratgy"),
    );
    let outcome = scratch.expect(&["check", "a", "b", "--format", "github"], Exit::Failed);
    let lines: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(
        lines,
        [
            "::error file=a/k8s/sample/default/pod-sample-pod.yaml,title=pullwright[file-outdated]::`a/k8s/sample/default/pod-sample-pod.yaml` is not what `a/pullwright.yaml` generates%0Arun `pullwright render a/pullwright.yaml`",
            "::warning file=a/pullwright.yaml,line=19,col=22,title=pullwright[image-tag]::image `youruniquename.azurecr.io/sample-container:latest` has no fixed version%0Aadd a tag other than `latest`, or a digest",
            "::error file=b/deep/pullwright.yaml,line=10,col=7,title=pullwright[unknown-key]::unknown key `stratgy` in `spec.access[0]`%0Adid you mean `strategy`?",
        ]
    );
    assert!(
        outcome.stderr.contains("error[unknown-key]"),
        "people read stderr"
    );
    let arguments = ["validate", "./b/deep/pullwright.yaml", "--format", "azure"];
    let outcome = scratch.expect(&arguments, Exit::Failed);
    assert_eq!(
        outcome.stdout,
        "##vso[task.logissue type=error;sourcepath=b/deep/pullwright.yaml;linenumber=10;columnnumber=7;code=unknown-key;]unknown key `stratgy` in `spec.access[0]`%0Adid you mean `strategy`?\n"
    );
    let hostile = SMALL.replace("strategy", "\"a\\e[2J\\n::error::b\"");
    scratch.write("b/deep/pullwright.yaml", hostile);
    let outcome = scratch.expect(&["validate", "b", "--format", "github"], Exit::Failed);
    assert!(
        !outcome.stdout.contains('\u{1b}') && !outcome.stdout.contains("\n::error::b"),
        "{}",
        outcome.stdout
    );
    let outcome = scratch.expect(&["check", "c/*", "--format", "github"], Exit::Failed);
    assert!(
        outcome
            .stdout
            .starts_with("::error title=pullwright[no-config]::")
    );
}

#[test]
fn outputs_that_git_does_not_track_are_found() {
    let scratch = Scratch::with_config(SMALL);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(scratch.path());
        let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output();
        assert!(
            output.expect("git starts").status.success(),
            "{arguments:?}"
        );
    };
    scratch.expect(&["render"], Exit::Ok);
    // Outside of a repository there is no answer.
    scratch.expect(&["check", "--tracked"], Exit::Failed);
    git(&["init", "-q"]);
    git(&["add", "k8s/kustomization.yaml", "k8s/pullwright.lock"]);
    let outcome = scratch.expect(&["check", "--tracked"], Exit::Differs);
    assert_eq!(
        outcome.stdout,
        "differs pullwright.yaml: k8s: 6 files not tracked by git\n"
    );
    let json = scratch.expect(&["check", "--tracked", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let diagnostics = value["configs"][0]["diagnostics"].as_array();
    assert_eq!(diagnostics.map(Vec::len), Some(6));
    assert!(
        outcome.stderr.contains(
            "error[untracked]: git does not track `k8s/sample/default/pod-sample-pod.yaml`"
        ) && !outcome
            .stderr
            .contains("git does not track `k8s/kustomization.yaml`"),
        "{}",
        outcome.stderr
    );
    // Without being asked, check minds the files alone.
    scratch.expect(&["check"], Exit::Ok);
    scratch.write(".gitignore", "k8s/sample\n");
    scratch.expect(&["check", "--tracked"], Exit::Differs);
    git(&["add", "--force", "k8s"]);
    scratch.expect(&["check", "--tracked"], Exit::Ok);
}
