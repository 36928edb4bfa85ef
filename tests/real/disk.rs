//! A full or read-only disk, and what stands where a file should be.

use crate::tools::{program, pullwright, root, run};

/// Runs a shell line where `small` is a file system of so many bytes, with the binary as `$P` and a
/// config as `$C`; returns what it prints.
fn on_a_small_disk(bytes: usize, line: &str) -> String {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let script = format!("mkdir small && mount -t tmpfs -o size={bytes} none small && {line}");
    let output = program("unshare")
        .args(["--map-root-user", "--mount", "bash", "-euc", &script])
        .current_dir(folder.path())
        .env("P", pullwright().get_program())
        .env("C", root().join("examples/fleet/pullwright.yaml"))
        .output()
        .expect("unshare starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_full_disk_changes_nothing() {
    let said = on_a_small_disk(
        65_536,
        "$P render $C --out small/k8s || echo exit $?; find small | wc -l",
    );
    assert!(said.contains("the disk is full"), "{said}");
    assert!(said.contains("exit 2\n1\n"), "{said}");
    assert!(!said.contains("pullwright:"), "no word of success: {said}");
}

#[test]
fn a_disk_that_fills_up_among_many_folders_leaves_none_of_them() {
    let said = on_a_small_disk(
        150_000,
        "for team in a b c; do mkdir small/$team; sed \"s/rg-prod/rg-$team/; s/factory-admin/$team-admin/; s/name: factory-web/name: $team-web/; s/name: fleet/name: $team/\" $C > small/$team/pullwright.yaml; done
        $P render small 2>&1 || echo exit $?; find small -type f | wc -l",
    );
    assert!(
        said.contains("the disk is full") && said.contains("exit 2"),
        "{said}"
    );
    assert!(
        said.contains("nothing was written: ") && said.contains(" of 3 configs cannot be written"),
        "{said}"
    );
    assert!(said.ends_with("\n3\n"), "the configs alone: {said}");
}

#[test]
fn a_disk_that_fills_up_leaves_the_old_files_and_the_next_run_mends_them() {
    let said = on_a_small_disk(
        400_000,
        "$P render $C --out small/k8s 2>/dev/null
        sed s/2.4.1/2.4.2/ $C > changed.yaml
        find small/k8s -type f | sort | xargs sha256sum > before
        head -c 390000 /dev/zero > small/fill 2>/dev/null || true
        $P render changed.yaml --out small/k8s || echo exit $?
        find small/k8s -type f | sort | xargs sha256sum | cmp - before && echo nothing changed
        rm small/fill
        $P render changed.yaml --out small/k8s && $P check changed.yaml --out small/k8s",
    );
    assert!(
        said.contains("the disk is full") && said.contains("exit 2"),
        "{said}"
    );
    assert!(
        said.contains("nothing changed\n") && said.contains("ok changed.yaml"),
        "{said}"
    );
}

#[test]
fn a_read_only_disk_is_explained() {
    let said = on_a_small_disk(
        400_000,
        "$P render $C --out small/k8s 2>/dev/null; sed s/2.4.1/2.4.2/ $C > changed.yaml
        mount -o remount,ro none small; $P render changed.yaml --out small/k8s || echo exit $?",
    );
    assert!(
        said.contains("the file system is read-only") && said.contains("exit 2"),
        "{said}"
    );
}

#[test]
fn a_pipe_in_place_of_a_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let config = root().join("examples/secret/pullwright.yaml");
    let out = folder.path().join("out");
    run(pullwright()
        .arg("render")
        .arg(&config)
        .arg("--out")
        .arg(&out));
    let pod = out.join("sample/default/pod-sample-pod.yaml");
    std::fs::remove_file(&pod).expect("it is there");
    run(program("mkfifo").arg(&pod));
    let output = pullwright()
        .arg("check")
        .arg(&config)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("is not a regular file"), "{said}");
}

#[test]
fn an_output_that_cannot_be_written_is_explained() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let config = root().join("examples/secret/pullwright.yaml");
    let mut command = pullwright();
    command
        .arg("render")
        .arg(&config)
        .arg("--stdout")
        .stdout(full);
    let output = command
        .stderr(std::process::Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the output"));
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let config = root().join("examples/fleet/pullwright.yaml");
    let line = format!(
        "{:?} render {:?} --stdout | head -n 1; echo ${{PIPESTATUS[0]}}",
        pullwright().get_program(),
        config
    );
    let output = run(program("bash").args(["-c", &line]));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.ends_with("\n0\n"), "{said}");
}
