//! Which configs are found below a folder: those that git tracks, whatever a pattern says, and no links.

use std::os::unix::fs::symlink;
use std::path::Path;

use pullwright::cli::Exit;

use crate::git::{git, program};
use crate::support::{SMALL, Scratch};

/// The configs that `validate` finds, and all that it says.
fn found(scratch: &Scratch, name: &str) -> (Vec<String>, String) {
    let outcome = scratch.expect(&["validate", name], Exit::Ok);
    let lines = outcome.stdout.lines();
    let valid = lines.filter_map(|line| line.strip_prefix("ok "));
    (
        valid.map(str::to_owned).collect(),
        outcome.stdout.clone() + &outcome.stderr,
    )
}

fn link(scratch: &Scratch, to: &str, name: &str) {
    let path = scratch.path().join(name);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is ours");
    symlink(to, path).expect("it is ours");
}

/// A config that is ignored and tracked, one that is ignored, and one that is neither.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    for folder in ["plain", "build/kept", "build/other"] {
        scratch.write(&format!("{folder}/pullwright.yaml"), SMALL);
    }
    scratch.write(".gitignore", "build/\n");
    git(scratch.path(), &["init", "-q"]);
    git(scratch.path(), &["add", "-f", "build/kept/pullwright.yaml"]);
    scratch
}

#[test]
fn what_git_tracks_is_found_though_a_pattern_ignores_it() {
    let scratch = repository();
    let all = ["build/kept/pullwright.yaml", "plain/pullwright.yaml"];
    assert_eq!(found(&scratch, ".").0, all);
    assert_eq!(found(&scratch, "**/*.yaml").0, all);
    assert_eq!(found(&scratch, "build/k*/*.yaml").0, all[..1]);
    // Removed from the folder, it is nobody's config, tracked or not.
    std::fs::remove_file(scratch.path().join(all[0])).expect("it is ours");
    assert_eq!(found(&scratch, ".").0, all[1..]);
}

#[test]
fn a_nested_repository_says_itself_what_it_tracks() {
    let scratch = repository();
    scratch.write("nested/.gitignore", "*\n");
    scratch.write("nested/deep/pullwright.yaml", SMALL);
    scratch.write("nested/other/pullwright.yaml", SMALL);
    let nested = scratch.path().join("nested");
    git(&nested, &["init", "-q"]);
    git(&nested, &["add", "-f", "deep"]);
    assert_eq!(
        found(&scratch, ".").0,
        [
            "build/kept/pullwright.yaml",
            "nested/deep/pullwright.yaml",
            "plain/pullwright.yaml"
        ]
    );
}

#[test]
fn without_git_the_patterns_alone_count() {
    let path = |scratch: &Scratch| scratch.path().join("bin").display().to_string();
    let scratch = repository();
    let folder = path(&scratch);
    let scratch = scratch.variable("PATH", &folder);
    let (configs, said) = found(&scratch, ".");
    assert_eq!(configs, ["plain/pullwright.yaml"]);
    assert_eq!(said, "ok plain/pullwright.yaml\n");
    // git that is there and refuses may hide a config.
    program(&scratch, "bin/git", "echo 'fatal: no' >&2; exit 128");
    let (configs, said) = found(&scratch, ".");
    assert_eq!(configs, ["plain/pullwright.yaml"]);
    assert!(
        said.contains("warning[config-unasked]: cannot determine which configs git tracks in `.`: git failed with `no`"),
        "{said}"
    );
}

#[test]
fn links_are_named_and_not_followed() {
    let scratch = repository();
    link(&scratch, "../plain/pullwright.yaml", "a/pullwright.yaml");
    link(&scratch, "nowhere", "b/pullwright.yaml");
    link(
        &scratch,
        "../../plain/pullwright.yaml",
        "build/link/pullwright.yaml",
    );
    git(scratch.path(), &["add", "-f", "build/link"]);
    let (configs, said) = found(&scratch, ".");
    assert_eq!(
        configs,
        ["build/kept/pullwright.yaml", "plain/pullwright.yaml"]
    );
    for name in ["a", "b", "build/link"] {
        let message = format!(
            "warning[config-link]: config `{name}/pullwright.yaml` is skipped: it is, or is below, a symbolic link"
        );
        assert!(said.contains(&message), "{said}");
    }
    let outcome = scratch.expect(&["validate", "a"], Exit::Failed);
    for message in [
        "error[no-config]",
        "warning[config-link]",
        "pass the file that it points to",
    ] {
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    // Named, it is not followed either.
    let outcome = scratch.expect(&["validate", "a/pullwright.yaml"], Exit::Failed);
    assert!(
        outcome.stderr.contains("it is a symbolic link"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_tracked_config_behind_a_link_is_not_followed_either() {
    let elsewhere = Scratch::with_config(SMALL);
    let scratch = repository();
    std::fs::remove_dir_all(scratch.path().join("build/kept")).expect("it is ours");
    link(
        &scratch,
        &elsewhere.path().display().to_string(),
        "build/kept",
    );
    let (configs, said) = found(&scratch, ".");
    assert_eq!(configs, ["plain/pullwright.yaml"]);
    assert!(
        said.contains("config `build/kept/pullwright.yaml` is skipped"),
        "{said}"
    );
}

#[test]
fn patterns_above_the_repository_count_for_nothing() {
    let scratch = Scratch::new();
    scratch.write(".gitignore", "*\n");
    scratch.write("plain/pullwright.yaml", SMALL);
    scratch.write("repository/pullwright.yaml", SMALL);
    git(&scratch.path().join("repository"), &["init", "-q"]);
    assert_eq!(found(&scratch, "plain").0, ["plain/pullwright.yaml"]);
    assert_eq!(
        found(&scratch, "repository").0,
        ["repository/pullwright.yaml"]
    );
    // Those between the folder and the top of the repository do.
    scratch.write("repository/.gitignore", "deep/no\n");
    for folder in ["yes", "no"] {
        scratch.write(&format!("repository/deep/{folder}/pullwright.yaml"), SMALL);
    }
    assert_eq!(
        found(&scratch, "repository/deep").0,
        ["repository/deep/yes/pullwright.yaml"]
    );
}

#[test]
fn patterns_without_an_end_are_refused() {
    for name in [".gitignore", "a/.gitignore", "a/b/.gitignore"] {
        let scratch = Scratch::new();
        scratch.write("a/b/pullwright.yaml", SMALL);
        git(scratch.path(), &["init", "-q"]);
        link(&scratch, "/dev/zero", name);
        let outcome = scratch.expect(&["validate", "a/b"], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[unreadable]")
                && outcome
                    .stderr
                    .contains(".gitignore`: it is not a regular file"),
            "{}",
            outcome.stderr
        );
        scratch.expect(&["validate", "."], Exit::Failed);
        std::fs::remove_file(scratch.path().join(name)).expect("it is ours");
        let file = std::fs::File::create(scratch.path().join(name)).expect("it is ours");
        file.set_len(1 << 40).expect("it takes no room");
        let outcome = scratch.expect(&["validate", "."], Exit::Failed);
        assert!(
            outcome.stderr.contains("it is larger than 1 MiB"),
            "{}",
            outcome.stderr
        );
    }
    let scratch = Scratch::with_config(SMALL);
    git(scratch.path(), &["init", "-q"]);
    let exclude = Path::new(".git/info/exclude");
    std::fs::remove_file(scratch.path().join(exclude)).expect("it is there");
    link(&scratch, "/dev/zero", &exclude.to_string_lossy());
    scratch.expect(&["validate", "."], Exit::Failed);
}
