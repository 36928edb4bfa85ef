//! Each way in which an output file can differ is a code, the same in every format.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use pullwright::cli::Exit;
use serde_json::Value;

use crate::support::{PLAINTEXT, SMALL, Scratch};

const POD: &str = "k8s/sample/default/pod-sample-pod.yaml";
const KUSTOMIZATION: &str = "k8s/sample/kustomization.yaml";

/// The verdicts of `check` on one file, as `severity[code] file`.
fn verdicts(scratch: &Scratch) -> Vec<String> {
    let outcome = scratch.expect(&["check", "--format", "json"], Exit::Differs);
    let value: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let config = &value["configs"][0];
    assert_eq!(config["ok"], false);
    let all = config["diagnostics"].as_array().into_iter().flatten();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let verdicts: Vec<String> = all
        .map(|one| {
            let (severity, code) = (word(one, "severity"), word(one, "code"));
            format!("{severity}[{code}] {}", word(one, "file"))
        })
        .collect();
    let azure = scratch.expect(&["check", "--format", "azure"], Exit::Differs);
    let github = scratch.expect(&["check", "--format", "github"], Exit::Differs);
    let diff = scratch.expect(&["diff", "--format", "github"], Exit::Differs);
    // The place of an edit is a matter of its own.
    let azure = azure.stdout.replace("linenumber=18;columnnumber=1;", "");
    let [github, diff] = [github, diff].map(|one| one.stdout.replace(",line=18,col=1", ""));
    for verdict in &verdicts {
        let (severity, rest) = verdict.split_once('[').expect("it has a code");
        let (code, file) = rest.split_once("] ").expect("it has a file");
        let line = format!("##vso[task.logissue type={severity};sourcepath={file};code={code};]");
        assert!(azure.contains(&line), "{azure}");
        let line = format!("::{severity} file={file},title=pullwright[{code}]::");
        assert!(github.contains(&line), "{github}");
        assert!(diff.contains(&line), "{diff}");
    }
    verdicts
}

#[test]
fn every_way_to_differ_has_its_code() {
    let scratch = Scratch::with_config(SMALL);
    scratch.expect(&["render"], Exit::Ok);
    let pod = scratch.read(POD);
    std::fs::remove_file(scratch.path().join(POD)).expect("it is there");
    assert_eq!(verdicts(&scratch), [format!("error[file-missing] {POD}")]);

    scratch.write(POD, pod.replace('\n', "\r\n"));
    assert_eq!(verdicts(&scratch), [format!("error[file-line-ends] {POD}")]);

    scratch.write(POD, format!("{pod}# mine\n"));
    assert_eq!(verdicts(&scratch), [format!("error[hand-edited] {POD}")]);

    let other = "k8s/sample/default/pod-other-pod.yaml";
    let renamed = SMALL.replace("name: sample-pod\n", "name: other-pod\n");
    scratch.write("pullwright.yaml", renamed);
    let want = [
        format!("error[file-missing] {other}"),
        format!("error[file-stale-edited] {POD}"),
        format!("error[file-outdated] {KUSTOMIZATION}"),
    ];
    assert_eq!(verdicts(&scratch), want);

    scratch.write(POD, pod);
    let want = [
        format!("error[file-missing] {other}"),
        format!("error[file-stale] {POD}"),
        format!("error[file-outdated] {KUSTOMIZATION}"),
    ];
    assert_eq!(verdicts(&scratch), want);

    scratch.write("pullwright.yaml", SMALL.replace("0.0.1", "0.0.2"));
    assert_eq!(verdicts(&scratch), [format!("error[file-outdated] {POD}")]);
}

#[test]
fn a_secret_that_others_may_read_has_its_code() {
    let scratch = Scratch::with_config(PLAINTEXT)
        .variable("ACR_USERNAME", "sample-pull")
        .variable("ACR_PASSWORD", "hunter2hunter2");
    scratch.expect(&["render"], Exit::Ok);
    let secret = "k8s/sample/default/secret.yaml";
    let open = Permissions::from_mode(0o644);
    std::fs::set_permissions(scratch.path().join(secret), open).expect("it is ours");
    let want = [format!("error[file-permissions] {secret}")];
    assert_eq!(verdicts(&scratch), want);
}
