//! Pipes, devices and files of 100 GB in place of what is read: refused at once, and never waited for.

use std::os::unix::fs::symlink;
use std::sync::mpsc;
use std::time::Duration;

use pullwright::cli::Exit;
use rustix::fs::{CWD, Mode, mkfifoat};

use crate::support::{PLAINTEXT, SMALL, Scratch};

/// A config whose credential is a file.
fn with_credential(path: &str) -> String {
    let begin = PLAINTEXT.find("credential:").expect("there is one");
    let end = PLAINTEXT[begin..]
        .find("\n      workloads:")
        .map(|at| begin + at);
    let credential = format!("credential: {{type: file, path: {path}}}");
    let end = end.unwrap_or(PLAINTEXT.len());
    let indent = PLAINTEXT[..begin].rsplit('\n').next().unwrap_or_default();
    assert!(
        indent.trim().is_empty(),
        "the credential has a line of its own"
    );
    format!("{}{credential}{}", &PLAINTEXT[..begin], &PLAINTEXT[end..])
}

fn pipe(scratch: &Scratch, name: &str) {
    let path = scratch.path().join(name);
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).expect("pipes can be made");
}

/// A file that takes no room and never ends.
fn sparse(scratch: &Scratch, name: &str) {
    scratch.write(name, "");
    let path = scratch.path().join(name);
    let file = std::fs::File::options().write(true).open(path);
    let file = file.expect("it is ours");
    file.set_len(100 << 30)
        .expect("the file system has sparse files");
}

/// What a run says that must fail, and soon.
#[track_caller]
fn refused(scratch: Scratch, arguments: &'static [&'static str]) -> String {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let outcome = scratch.run(arguments);
        let _ = send.send((outcome, scratch));
    });
    let ended = receive.recv_timeout(Duration::from_secs(30));
    let (outcome, _scratch) = ended.expect("it is waited for, or read to the end");
    assert_eq!(outcome.exit, Exit::Failed, "{}", outcome.stderr);
    outcome.stderr
}

#[test]
fn a_config_must_be_a_regular_file() {
    let scratch = Scratch::new();
    pipe(&scratch, "pipe.yaml");
    let said = refused(scratch, &["validate", "pipe.yaml"]);
    assert!(said.contains("it is not a regular file"), "{said}");
    assert!(
        said.contains("pass `-` to read a config from stdin"),
        "{said}"
    );

    for device in ["/dev/zero", "/dev/null"] {
        let scratch = Scratch::new();
        symlink(device, scratch.path().join("device.yaml")).expect("links can be made");
        let said = refused(scratch, &["validate", "device.yaml"]);
        assert!(said.contains("it is a symbolic link"), "{said}");
    }

    let scratch = Scratch::new();
    sparse(&scratch, "sparse.yaml");
    let said = refused(scratch, &["validate", "sparse.yaml"]);
    assert!(said.contains("error[too-large]"), "{said}");
}

#[test]
fn a_credential_must_be_a_regular_file_with_an_end() {
    let scratch = Scratch::with_config(&with_credential("pipe"));
    pipe(&scratch, "pipe");
    let said = refused(scratch, &["render"]);
    assert!(said.contains("it is not a regular file"), "{said}");

    for device in ["/dev/zero", "/dev/tty", "/dev/null"] {
        let scratch = Scratch::with_config(&with_credential(device));
        let said = refused(scratch, &["render"]);
        assert!(
            said.contains("it is not a regular file"),
            "{device}: {said}"
        );
    }

    let scratch = Scratch::with_config(&with_credential("sparse"));
    sparse(&scratch, "sparse");
    let said = refused(scratch, &["render"]);
    assert!(said.contains("it is larger than 1 MiB"), "{said}");

    // Its size is said to be 0, and the text of the largest ones never ends.
    #[cfg(target_os = "linux")]
    {
        let scratch = Scratch::with_config(&with_credential("/proc/kallsyms"));
        let said = refused(scratch, &["render"]);
        assert!(said.contains("it is larger than 1 MiB"), "{said}");
    }
}

#[test]
fn an_output_of_100_gb_is_refused_and_not_read() {
    for name in ["k8s/sample/default/secret.yaml", "k8s/pullwright.lock"] {
        let scratch = Scratch::with_config(SMALL);
        sparse(&scratch, name);
        let said = refused(scratch, &["render", "--force"]);
        assert!(said.contains("error[too-large]"), "{name}: {said}");
    }
    // Many that are not too large each.
    let namespaces: Vec<String> = (0..40).map(|one| format!("n{one}")).collect();
    let scratch = Scratch::with_config(&SMALL.replace("default", &namespaces.join(", ")));
    for namespace in namespaces {
        let name = format!("k8s/sample/{namespace}/secret.yaml");
        scratch.write(&name, "");
        let file = std::fs::File::options()
            .write(true)
            .open(scratch.path().join(name));
        let file = file.expect("it is ours");
        file.set_len(16 << 20)
            .expect("the file system has sparse files");
    }
    let said = refused(scratch, &["render", "--force"]);
    assert!(
        said.contains("the files in `k8s` are larger than any output"),
        "{said}"
    );
}

fn with_templates() -> Scratch {
    Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: templates\n"))
}

#[test]
fn a_template_folder_has_an_end_and_is_not_behind_a_link() {
    let scratch = with_templates();
    symlink("/", scratch.path().join("templates")).expect("links can be made");
    let said = refused(scratch, &["render"]);
    assert!(said.contains("`templates` is a symbolic link"), "{said}");

    let scratch = with_templates();
    let deep = vec!["d"; 30].join("/");
    scratch.write(&format!("templates/{deep}/x"), "");
    let said = refused(scratch, &["render"]);
    assert!(
        said.contains("it is more than 8 directories deep"),
        "{said}"
    );

    let scratch = with_templates();
    for number in 0..10_001 {
        scratch.write(&format!("templates/{number}"), "");
    }
    let said = refused(scratch, &["render"]);
    assert!(
        said.contains("it contains more than 10000 files and directories"),
        "{said}"
    );

    // A link in it is not followed, and a loop of links has no end.
    let scratch = with_templates();
    scratch.write("templates/README", "");
    symlink(".", scratch.path().join("templates/loop")).expect("links can be made");
    scratch.expect(&["render"], Exit::Ok);
}

#[test]
fn a_template_must_be_a_regular_file() {
    let name = "templates/secret/placeholder.yaml.j2";
    let scratch = with_templates();
    pipe(&scratch, name);
    let said = refused(scratch, &["render"]);
    assert!(said.contains("it is not a regular file"), "{said}");

    let scratch = with_templates();
    sparse(&scratch, name);
    let said = refused(scratch, &["render"]);
    assert!(said.contains("it is larger than 256 KiB"), "{said}");
}

#[test]
fn a_pipe_is_not_written_to() {
    let scratch = Scratch::new();
    pipe(&scratch, "pipe.yaml");
    let said = refused(
        scratch,
        &[
            "init",
            "--registry",
            "youruniquename",
            "--force",
            "pipe.yaml",
        ],
    );
    assert!(said.contains("it is not a regular file"), "{said}");
}

/// Messages show lines of a config, so one that leads to a file of somebody else would show that.
#[test]
fn a_config_is_not_read_through_a_link() {
    for arguments in [
        &["check"] as &[&str],
        &["render"],
        &["validate", "pullwright.yaml", "--format", "github"],
        &["diff", "--format", "json"],
    ] {
        let scratch = Scratch::new();
        scratch.write("secret.txt", "P=a-canary-in-the-environment\n");
        symlink("secret.txt", scratch.path().join("pullwright.yaml")).expect("links can be made");
        let outcome = scratch.run(arguments);
        assert_eq!(outcome.exit, Exit::Failed);
        let shown = outcome.stdout + &outcome.stderr;
        assert!(shown.contains("it is a symbolic link"), "{shown}");
        assert!(!shown.contains("a-canary"), "{shown}");
    }
}
