//! Templates without end, as a user might bring them with a repository: each ends in a message, and
//! the program lives.

use std::path::Path;
use std::process::{Command, Output};

use crate::runaways::all;
use crate::support::{SMALL, Scratch, root};

/// What the address space of the program may be, in KiB: a parser of scripts has a stack of 512 MiB.
const YAML: u32 = 640 * 1024;
const SHELL: u32 = YAML + 512 * 1024;

/// The program in a process of its own, with bounds: a full stack would end the tests as well.
fn bounded(folder: &Path, kib: u32) -> Output {
    Command::new("sh")
        .args(["-c", "ulimit -v \"$1\" && exec \"$2\" render", "sh"])
        .arg(kib.to_string())
        .arg(env!("CARGO_BIN_EXE_pullwright"))
        .current_dir(folder)
        .output()
        .expect("there is a shell")
}

/// A scratch folder where the template `name` is a user's.
fn scratch(config: &str, name: &str, text: &str) -> Scratch {
    let scratch = Scratch::with_config(&config.replace("spec:\n", "spec:\n  templates: mine\n"));
    scratch.write(&format!("mine/{name}"), text);
    scratch
}

#[test]
fn a_script_that_would_take_long_to_parse_is_refused_before_that() {
    let secret = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"));
    let secret = secret.expect("it is there");
    for (body, why) in [
        (
            "echo {% for i in range(4001) %}{{ v }} {% endfor %}",
            "it prints more than 4,000 values into a script",
        ),
        (
            "{% for i in range(70000) %}:\n{% endfor %}",
            "it prints more than 128 KiB of script",
        ),
    ] {
        let text = format!("#!/usr/bin/env bash\n{{% set v = \"a b\" %}}\n{body}\n");
        let scratch = scratch(&secret, "secret/pull-secret.sh.j2", &text);
        let output = bounded(scratch.path(), SHELL);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("error[template-failed]") && said.contains(why),
            "{said}"
        );
    }
}

#[test]
fn runaway_templates_end_in_a_message() {
    let secret = std::fs::read_to_string(root().join("examples/secret/pullwright.yaml"));
    let secret = secret.expect("it is there");
    let kinds = [
        (SMALL, "kustomize/kustomization.yaml.j2", "", YAML),
        (
            &secret,
            "secret/pull-secret.sh.j2",
            "#!/usr/bin/env bash\n",
            SHELL,
        ),
    ];
    let mut wrong = Vec::new();
    // By turns: `tests/real` has both kinds of each, with figures.
    let (mut one, mut other) = (kinds[0], kinds[1]);
    for at in 0..all("").len() {
        let (config, name, lead, kib) = one;
        std::mem::swap(&mut one, &mut other);
        let runaway = all(name).swap_remove(at);
        let what = runaway.name;
        let scratch = scratch(config, name, &format!("{lead}{}", runaway.text));
        let output = bounded(scratch.path(), kib);
        if let Some(why) = runaway.is_wrong(&output) {
            wrong.push(format!("{what} ({name}): {why}"));
        }
        assert!(!scratch.has("k8s"), "{what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
