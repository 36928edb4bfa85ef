//! Odd but valid output directories: messages print right paths, and comments name commands that work.

use std::process::Command;

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch, files};

fn config(output: &str) -> String {
    SMALL.replace("spec:\n", &format!("spec:\n  output: \"{output}\"\n"))
}

#[test]
fn paths_of_outputs_are_printed_as_they_are() {
    for (output, folder) in [
        (".", ""),
        ("./", ""),
        ("./x/", "x/"),
        ("a//b", "a/b/"),
        ("a/./b", "a/b/"),
        ("a b", "a b/"),
        ("é", "é/"),
        ("$(x)", "$(x)/"),
        ("-x", "-x/"),
    ] {
        let scratch = Scratch::with_config(&config(output));
        let render = scratch.expect(&["render"], Exit::Ok);
        let created: Vec<&str> = render
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("created "))
            .collect();
        assert!(
            created.contains(&format!("{folder}kustomization.yaml").as_str()),
            "{}",
            render.stderr
        );
        for file in &created {
            assert!(scratch.has(file) && !file.starts_with("./"), "{file}");
        }
        let pod = format!("{folder}sample/default/pod-sample-pod.yaml");
        std::fs::remove_file(scratch.path().join(&pod)).expect("it is there");
        let json = scratch
            .expect(&["check", "--format", "json"], Exit::Differs)
            .stdout;
        assert!(json.contains(&format!("`{pod}` does not exist")), "{json}");
        assert!(json.contains(&format!("\"file\": \"{pod}\"")), "{json}");
        let diff = scratch.expect(&["diff"], Exit::Differs).stdout;
        assert!(diff.contains(&format!("+++ b/{pod}\n")), "{diff}");
        scratch.write(&pod, "edited\n");
        let refused = scratch.expect(&["render"], Exit::Failed).stderr;
        assert!(refused.contains(&format!("--> {pod}:1:1\n")), "{refused}");
    }
}

/// The commands in the first comment of an output.
fn again(scratch: &Scratch, file: &str) -> String {
    let text = scratch.read(file);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("# again: pullwright "));
    line.unwrap_or_else(|| panic!("{file}: {text}")).to_owned()
}

/// The first comment of each output names a command that works in the root of a repository.
#[test]
fn the_command_of_the_first_comment_works() {
    let example = crate::support::source("examples/secret/pullwright.yaml");
    let scratch = Scratch::new();
    scratch.write("apps/web/pullwright.yaml", &example);
    let init = Command::new("git")
        .args(["init", "-q"])
        .current_dir(scratch.path())
        .status();
    assert!(init.expect("git starts").success());
    scratch.expect(&["render", "apps/web/pullwright.yaml"], Exit::Ok);
    let written = scratch.snapshot();
    let outputs = files(&scratch.path().join("apps/web/k8s"));
    for file in outputs
        .iter()
        // The lock and the runtime have no comment about a config.
        .filter(|file| {
            !file.ends_with("pullwright.lock") && !file.ends_with("_runtime/pullwright.sh")
        })
    {
        let file = format!("apps/web/k8s/{}", file.display());
        let command = again(&scratch, &file);
        assert_eq!(command, "render .", "{file}");
        std::fs::remove_file(scratch.path().join(&file)).expect("it is there");
        let words: Vec<&str> = command.split(' ').collect();
        scratch.expect(&words, Exit::Ok);
        assert!(scratch.has(&file), "{file}");
    }
    assert!(scratch.snapshot() == written, "the same bytes");
}

/// A config of another name is only found where it is.
#[test]
fn the_first_comment_says_where_a_config_of_another_name_is_found() {
    let scratch = Scratch::new();
    scratch.write("apps/it's.yaml", SMALL);
    scratch.expect(&["render", "apps/it's.yaml"], Exit::Ok);
    let command = again(&scratch, "apps/k8s/kustomization.yaml");
    assert_eq!(
        command,
        r"render 'it'\''s.yaml', in the directory of the config"
    );
}
