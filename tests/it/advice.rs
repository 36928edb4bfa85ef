//! What help lines tell to run can be copied into a shell.

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

/// A command in a help line does what it says when it is copied, whatever a folder is called.
#[test]
fn commands_to_copy_quote_what_users_named() {
    for (folder, config, output) in [
        ("plain", "plain/pullwright.yaml", "plain/k8s"),
        ("a b", "'a b/pullwright.yaml'", "'a b/k8s"),
        ("$(id)", "'$(id)/pullwright.yaml'", "'$(id)/k8s"),
        ("it's", r"'it'\''s/pullwright.yaml'", r"'it'\''s/k8s"),
        ("-x", "./-x/pullwright.yaml", "./-x/k8s"),
        ("a\nb", r"$'a\012b/pullwright.yaml'", r"$'a\012b/k8s"),
        (
            "##[x]",
            r"$'\043\043[x]/pullwright.yaml'",
            r"$'\043\043[x]/k8s",
        ),
    ] {
        let scratch = Scratch::new();
        let file = format!("{folder}/pullwright.yaml");
        scratch.write(&file, SMALL);
        let drift = scratch
            .run(&["check", "--format", "azure", "--", &file])
            .stdout;
        assert!(
            drift.contains(&format!("run `pullwright render {config}`")),
            "{drift}"
        );
        scratch.expect(&["render", "--", &file], Exit::Ok);
        let init = std::process::Command::new("git")
            .args(["init", "-q"])
            .current_dir(scratch.path())
            .status();
        assert!(init.expect("git starts").success());
        let missed = scratch.run(&["check", "--tracked", "--", &file]).stderr;
        assert!(
            missed.contains(&format!("run `git add {output}/kustomization.yaml")),
            "{missed}"
        );
        let next = scratch.run(&[
            "init",
            "--force",
            "--registry",
            "youruniquename",
            "--",
            &file,
        ]);
        let message = format!("next: pullwright render {config}\n");
        assert!(next.stderr.contains(&message), "{}", next.stderr);
    }
    let piped = Scratch::new().stdin(SMALL);
    let drift = piped.run(&["check", "--format", "github", "-"]).stdout;
    assert!(drift.contains("run `pullwright render -`"), "{drift}");
}
