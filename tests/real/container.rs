//! The image, as far as it is tested without a registry to pull its base from: its file is linted, its program needs no
//! library, and git answers its user about a repository of somebody else.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::release::{TARGET, release};
use crate::tools::{program, root, run};

fn containerfile() -> String {
    std::fs::read_to_string(root().join("Containerfile")).expect("it is there")
}

#[test]
fn the_containerfile_is_clean() {
    run(program("hadolint")
        .arg("--no-color")
        .arg(root().join("Containerfile")));
}

/// The user of the image that `check --tracked` runs as, with the settings of git that the image makes.
#[test]
fn git_answers_in_a_mounted_repository() {
    let text = containerfile();
    let user = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("USER "))
        .and_then(|line| line.split_once(':'));
    // Without a group, it would be in that of root.
    let (user, group) = user.expect("it names a user and a group");
    let setting = text
        .lines()
        .find_map(|line| line.strip_prefix("RUN git config "))
        .expect("it sets git up");
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let everybody = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), everybody).expect("it is ours");
    let program_of_image = folder.path().join("pullwright");
    std::fs::copy(
        release()
            .join("built/programs")
            .join(TARGET)
            .join("pullwright"),
        &program_of_image,
    )
    .expect("it was built");
    let config = folder.path().join("gitconfig");
    run(program("bash")
        .args(["-c", &format!("git config {setting}")])
        .env("GIT_CONFIG_SYSTEM", &config));

    // Root's, as a mount has the user of the host.
    let work = folder.path().join("work");
    std::fs::create_dir(&work).expect("it is ours");
    std::fs::copy(
        root().join("examples/secret/pullwright.yaml"),
        work.join("pullwright.yaml"),
    )
    .expect("it is ours");
    run(Command::new(&program_of_image)
        .arg("render")
        .current_dir(&work));
    for words in [&["init", "-q"][..], &["add", "."]] {
        run(program("git").args(words).current_dir(&work));
    }
    let check = |system: &std::path::Path| {
        let mut command = program("setpriv");
        command
            .args(["--reuid", user, "--regid", group, "--clear-groups"])
            .arg(&program_of_image)
            .args(["check", "--tracked"])
            .env("HOME", "/")
            .env("GIT_CONFIG_SYSTEM", system)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .current_dir(&work);
        command
    };
    run(&mut check(&config));
    // Without the setting it could not be asked.
    let output = check("/dev/null".as_ref())
        .output()
        .expect("setpriv starts");
    assert_eq!(output.status.code(), Some(2));
    // What git does not track is found.
    run(program("git")
        .args(["rm", "-q", "--cached", "k8s/kustomization.yaml"])
        .current_dir(&work));
    assert_eq!(
        check(&config).status().expect("setpriv starts").code(),
        Some(1)
    );
}
