//! What linters say of everything that the examples render.

use crate::tools::{examples, files, program, run};

#[test]
fn every_script_is_clean_for_bash_shellcheck_and_shfmt() {
    let scripts: Vec<_> = examples()
        .iter()
        .flat_map(|one| files(one, ".sh"))
        .collect();
    assert!(scripts.len() >= 7, "{scripts:?}");
    for script in &scripts {
        run(program("bash").arg("-n").arg(script));
    }
    run(program("shellcheck").args(["-o", "all"]).args(&scripts));
    run(program("shfmt")
        .args(["-d", "-i", "2", "-ci"])
        .args(&scripts));
}

#[test]
fn every_manifest_passes_yamllint_with_its_defaults() {
    for example in examples() {
        run(program("yamllint")
            .arg("--strict")
            .arg(example.join("expected")));
    }
}
