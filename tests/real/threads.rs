//! A system that gives no thread: everything is done on the one that is there.

use std::os::unix::fs::PermissionsExt;

use crate::tools::{files, program, pullwright};

/// Configs of the run; several, because these are what threads share first.
const CONFIGS: usize = 3;

/// Without scripts: their parser needs a thread of its own, for the stack.
const CONFIG: &str = "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: sample}
spec:
  registries: [{name: youruniquename}]
  access:
    - name: sample
      strategy: serviceAccount
      registries: [youruniquename]
      namespaces: [default, web]
      secret: {name: acr-secret, delivery: placeholder}
      serviceAccount: {name: puller}
";

#[test]
fn without_any_other_thread_the_same_files_are_made() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(folder.path(), open.clone()).expect("it is ours");
    for at in 0..CONFIGS {
        let own = folder.path().join(at.to_string());
        std::fs::create_dir(&own).expect("it is ours");
        std::fs::set_permissions(&own, open.clone()).expect("it is ours");
        std::fs::write(own.join("pullwright.yaml"), CONFIG).expect("it is ours");
    }
    // The limit counts for no root. Whoever runs this as somebody else has a process already: this one.
    let copy = folder.path().join("pullwright");
    std::fs::copy(pullwright().get_program(), &copy).expect("there is room");
    let line = "if (( EUID == 0 )); then exec setpriv --reuid 65534 --regid 65534 --clear-groups \
        bash -c 'ulimit -u 1 && exec \"$@\"' bash \"$@\"; fi; ulimit -u 1 && exec \"$@\"";
    let output = program("bash")
        .args(["-c", line, "bash"])
        .arg(&copy)
        .args(["render", "."])
        .current_dir(folder.path())
        .output()
        .expect("bash starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", output.status);
    for at in 0..CONFIGS {
        let made = files(&folder.path().join(at.to_string()).join("k8s"), ".yaml");
        assert!(made.len() > 2, "{stderr}");
    }
}
