//! The texts of `hostile_output` in and as files, folders and templates.

use std::path::Path;

use pullwright::cli::Exit;

use crate::hostile_output::{CHECKS, DRIFTS, HOSTILE, each, is_file_name, quoted};
use crate::support::{SMALL, Scratch};

#[test]
fn of_files_and_folders() {
    let mut count = 0;
    for hostile in HOSTILE.iter().filter(|hostile| is_file_name(hostile)) {
        let broken = SMALL.replace("strategy: secret", "strategy: secrets");
        let folder = format!("{hostile}/pullwright.yaml");
        let file = format!("{hostile}.yaml");
        for (place, name) in [("a folder", &folder), ("a file", &file)] {
            let with = |text: &str| {
                let scratch = Scratch::new();
                scratch.write(name, text);
                scratch
            };
            let name = name.as_str();
            count += each(|| with(SMALL), CHECKS, &["--", name], place);
            count += each(|| with(&broken), CHECKS, &["--", name], place);
            count += each(|| with(SMALL), DRIFTS, &["--", name], place);
            count += each(Scratch::new, CHECKS, &["--", name], place);
            count += each(|| with(SMALL), &[&["render"]], &["--", name], place);
        }
        let drifts: Vec<&[&str]> = DRIFTS
            .iter()
            .copied()
            .filter(|one| !one.contains(&"--stdout"))
            .collect();
        let out = format!("--out=./{hostile}");
        count += each(
            || Scratch::with_config(SMALL),
            &drifts,
            &[&out],
            "an output folder",
        );
        let rendered = |name: &str, text: &str| {
            let scratch = Scratch::with_config(SMALL);
            scratch.expect(&["render"], Exit::Ok);
            scratch.write(name, text);
            scratch
        };
        let edited = || {
            rendered(
                "k8s/kustomization.yaml",
                &format!("a: {hostile}\n{hostile}\n"),
            )
        };
        count += each(edited, DRIFTS, &[], "an edited file");
        count += each(
            edited,
            &[&["render"], &["render", "--color", "always"]],
            &[],
            "an edited file",
        );
        let lock = || {
            rendered(
                "k8s/pullwright.lock",
                &format!("{hostile}: 1\n{hostile}: 2\n"),
            )
        };
        count += each(lock, DRIFTS, &[], "a lock");
    }
    assert_eq!(count, 2_688);
}

#[test]
fn of_templates() {
    let mut count = 0;
    let config = SMALL.replacen("spec:\n", "spec:\n  templates: own\n", 1);
    let built_in = Scratch::new();
    let name = "kustomize/kustomization.yaml.j2";
    built_in.expect(&["templates", "eject", name], Exit::Ok);
    let built_in = built_in.read(&format!("templates/{name}"));
    for hostile in HOSTILE {
        let mut runs: Vec<(&str, String, String)> = vec![
            (
                "a comment",
                name.to_owned(),
                format!("# {hostile}\n{built_in}"),
            ),
            (
                "broken Jinja",
                name.to_owned(),
                format!("{{{{ {hostile}\n{built_in}"),
            ),
            (
                "an unknown name",
                name.to_owned(),
                format!("{{{{ x{hostile} }}}} {{% include {} %}}", quoted(hostile)),
            ),
            (
                "broken YAML",
                name.to_owned(),
                format!("[ {hostile}\n{built_in}"),
            ),
            (
                "another object",
                name.to_owned(),
                format!("kind: {}\n", quoted(hostile)),
            ),
        ];
        if is_file_name(hostile) {
            runs.push(("a template's name", hostile.to_string(), "x".to_owned()));
        }
        for (place, file, text) in runs {
            let make = || {
                let scratch = Scratch::with_config(&config);
                scratch.write(&Path::new("own").join(&file).to_string_lossy(), &text);
                scratch
            };
            count += each(make, DRIFTS, &[], place);
        }
    }
    assert_eq!(count, 1_728);
}
