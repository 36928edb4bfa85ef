//! What linters say of everything that the examples render.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::tools::{examples, files, program, pullwright, root, run};

/// Scripts by their texts: the runtime is the same wherever it is.
fn unlike(scripts: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let is_new = |path: &PathBuf| seen.insert(std::fs::read(path).expect("the script is there"));
    scripts.into_iter().filter(is_new).collect()
}

fn are_clean(scripts: &[PathBuf]) {
    run(program("shellcheck").args(["-o", "all"]).args(scripts));
    run(program("shfmt")
        .args(["-d", "-i", "2", "-ci"])
        .args(scripts));
}

#[test]
fn every_script_is_clean_for_bash_shellcheck_and_shfmt() {
    let scripts = examples()
        .iter()
        .flat_map(|one| files(one, ".sh"))
        .collect();
    let scripts = unlike(scripts);
    assert!(scripts.len() >= 15, "{scripts:?}");
    for script in &scripts {
        run(program("bash").arg("-n").arg(script));
    }
    are_clean(&scripts);
}

#[test]
fn every_part_of_the_runtime_is_formatted() {
    let parts = files(&root().join("templates/script/runtime"), ".sh");
    assert!(parts.len() > 15, "{parts:?}");
    run(program("shfmt").args(["-d", "-i", "2", "-ci"]).args(parts));
}

#[test]
fn every_manifest_passes_yamllint_with_its_defaults() {
    for example in examples() {
        run(program("yamllint")
            .arg("--strict")
            .arg(example.join("expected")));
    }
}

/// Every mix of credentials and every way to attach, which no example shows all of.
#[test]
fn every_variant_of_a_script_is_clean() {
    let credentials = [
        "{type: token, name: sample-pull, repositories: ['*']}",
        "{type: servicePrincipal, appId: 0a0b0c0d-1111-2222-3333-444444444444}",
        "{type: servicePrincipal, name: a name}",
        "{type: admin, allowAdminUser: true}",
    ];
    let mut entries: Vec<String> = Vec::new();
    for one in credentials {
        for other in credentials {
            entries.push(format!("strategy: secret, namespaces: [a, b], secret: {{name: s, credential: {one}, credentials: {{secondone: {other}}}}}"));
        }
    }
    for mode in ["update", "create"] {
        for rest in [
            "method: attachAcr",
            "method: roleAssignment",
            "repositories: [a, b/*]",
        ] {
            entries.push(format!(
                "strategy: attach, attach: {{mode: {mode}, {rest}}}"
            ));
        }
    }
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    for (number, entry) in entries.iter().enumerate() {
        let config = folder.path().join("pullwright.yaml");
        let text = format!(
            "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {{name: x}}\nspec:\n  registries: [{{name: firstone}}, {{name: secondone, resourceGroup: rg, subscription: 0a0b0c0d-1111-2222-3333-444444444444}}]\n  clusters: [{{name: prod, kind: aks, resourceGroup: rg, tenant: 0a0b0c0d-1111-2222-3333-444444444444}}]\n  access: [{{name: x, registries: [firstone, secondone], {entry}}}]\n"
        );
        std::fs::write(&config, text).expect("the folder is ours");
        let out = folder.path().join(number.to_string());
        run(pullwright()
            .arg("render")
            .arg(&config)
            .arg("--out")
            .arg(out));
    }
    let scripts = unlike(files(folder.path(), ".sh"));
    // The runtime is the same for all, and so is the runner of each kind of script.
    assert_eq!(scripts.len(), entries.len() + 3);
    are_clean(&scripts);
    // And one that holds all of it.
    let script = folder.path().join("standalone");
    let output = run(pullwright()
        .args(["script", "x", "--config"])
        .arg(folder.path().join("pullwright.yaml")));
    std::fs::write(&script, output.stdout).expect("the folder is ours");
    are_clean(&[script]);
}
