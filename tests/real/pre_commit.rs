//! The hooks in the real pre-commit: tried out, and pinned in a repository where commits are real.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::tools::{program, pullwright, root, run};

const CONFIG: &str = include_str!("../../examples/secret/pullwright.yaml");

/// git as nobody in particular, whatever the machine is set to.
fn git(folder: &Path) -> Command {
    let mut command = program("git");
    command
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .args([
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@example.com",
            "-c",
            "init.defaultBranch=main",
            "-c",
            "protocol.file.allow=always",
        ]);
    environment(&mut command);
    command
}

/// What pre-commit builds with: beside our own target folder, and quickly.
fn environment(command: &mut Command) {
    let own = root().join("target/pre-commit");
    command
        .env("PRE_COMMIT_HOME", own.join("home"))
        .env("CARGO_TARGET_DIR", own.join("target"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_pullwright"));
    let mut path = vec![root().join("target/tools/bin")];
    path.extend(binary.parent().map(Path::to_owned));
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    command.env(
        "PATH",
        std::env::join_paths(path).expect("no colon in a path"),
    );
}

fn pre_commit(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = program("pre-commit");
    command.args(arguments).current_dir(folder);
    environment(&mut command);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.output().expect("pre-commit starts")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The package as it is now, as a repository with one commit, which is returned.
fn release(folder: &Path) -> String {
    let list = run(git(root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]));
    let list = String::from_utf8(list.stdout).expect("paths are text");
    for name in list.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root().join(name), folder.join(name));
        if from.is_file() {
            std::fs::create_dir_all(to.parent().expect("it has a folder")).expect("it is ours");
            std::fs::copy(from, to).expect("it is there");
        }
    }
    run(git(folder).args(["init", "-q"]));
    run(git(folder).args(["add", "-A"]));
    run(git(folder).args(["commit", "-qm", "release"]));
    let head = run(git(folder).args(["rev-parse", "HEAD"]));
    String::from_utf8_lossy(&head.stdout).trim().to_owned()
}

/// A user's repository, rendered and committed, with pre-commit installed for one hook.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
        };
        repository.write("team/pullwright.yaml", CONFIG);
        repository.render();
        run(git(repository.path()).args(["init", "-q"]));
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }

    fn render(&self) {
        run(pullwright()
            .args(["render", ".", "--prune"])
            .current_dir(self.path()));
    }

    fn add(&self, what: &str) {
        run(git(self.path()).args(["add", "-A", what]));
    }

    fn commit(&self) -> Output {
        git(self.path())
            .args(["commit", "-m", "change"])
            .output()
            .expect("git starts")
    }

    #[track_caller]
    fn commits(&self) {
        let output = self.commit();
        assert!(output.status.success(), "{}", said(&output));
    }

    #[track_caller]
    fn is_blocked(&self, why: &str) {
        let output = self.commit();
        let said = said(&output);
        assert!(!output.status.success() && said.contains(why), "{said}");
    }

    /// Pins a hook and installs it.
    fn pin(&self, release: &Path, revision: &str, hook: &str) {
        let text = format!(
            "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n",
            release.display()
        );
        self.write(".pre-commit-config.yaml", &text);
        self.add(".pre-commit-config.yaml");
        let output = pre_commit(self.path(), &["install"]);
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[test]
fn hooks_block_real_commits_until_the_drift_is_mended() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let revision = release(folder.path());
    let release = folder.path();
    let repository = Repository::new();
    repository.add(".");
    repository.pin(release, &revision, "pullwright-check");
    repository.commits();

    // The config changes, its outputs do not.
    repository.write("team/pullwright.yaml", &CONFIG.replace("0.0.1", "0.0.2"));
    repository.add(".");
    repository.is_blocked("differs team/pullwright.yaml: team/k8s: 2 to update");
    // Mended in the folder, but not in what is committed.
    repository.render();
    repository.is_blocked("differs team/pullwright.yaml");
    repository.add(".");
    repository.commits();

    // An output that goes is in no list of changed files.
    run(git(repository.path()).args(["rm", "-q", "team/k8s/kustomization.yaml"]));
    repository.is_blocked("1 to create");
    repository.render();
    repository.add(".");

    // An output that nobody added would be missing for everybody else.
    let new = CONFIG
        .replace("[default]", "[new]")
        .replace("metadata: {name: sample}", "metadata: {name: new}")
        .replace("metadata:\n  name: sample\n", "metadata:\n  name: new\n")
        .replace("name: sample-pull", "name: new-pull");
    repository.write("new/pullwright.yaml", &new);
    repository.add("new/pullwright.yaml");
    repository.render();
    repository.is_blocked("git does not track `new/k8s/kustomization.yaml`");
    repository.add(".");
    repository.commits();

    // The other hook mends by itself, and still does not let a half commit through.
    repository.pin(release, &revision, "pullwright-render");
    repository.commits();
    repository.write("team/pullwright.yaml", CONFIG);
    repository.add(".");
    repository.is_blocked("updated team/k8s/sample/default/pod-sample-pod.yaml");
    repository.add(".");
    repository.commits();
    let status = run(git(repository.path()).args(["status", "--porcelain"]));
    assert_eq!(said(&status), "");

    // A manifest of somebody else, in a namespace without the Secret.
    repository.pin(release, &revision, "pullwright-audit");
    repository.commits();
    let image = "youruniquename.azurecr.io/other:1";
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: other, namespace: other}}\nspec:\n  containers:\n  - {{name: c, image: '{image}'}}\n"
    );
    repository.write("other/pod.yaml", &pod);
    repository.add(".");
    repository.is_blocked("error[no-credential]");
    repository.write("other/pod.yaml", &pod.replace("azurecr.io", "example.com"));
    repository.add(".");
    repository.commits();
}

#[test]
fn hooks_can_be_tried_out_and_take_the_program_on_the_path() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    release(folder.path());
    let release = folder.path().to_str().expect("it is text");
    let repository = Repository::new();
    repository.add(".");
    let try_out = |hook: &str| {
        pre_commit(
            repository.path(),
            &["try-repo", release, hook, "--all-files", "--verbose"],
        )
    };
    for hook in [
        "pullwright-check-system",
        "pullwright-render-system",
        "pullwright-audit-system",
    ] {
        let output = try_out(hook);
        assert!(output.status.success(), "{hook}: {}", said(&output));
    }
    repository.write("team/pullwright.yaml", &CONFIG.replace("0.0.1", "0.0.2"));
    repository.add(".");
    let output = try_out("pullwright-check-system");
    assert!(
        !output.status.success() && said(&output).contains("2 to update"),
        "{}",
        said(&output)
    );
    let output = try_out("pullwright-render-system");
    assert!(
        said(&output).contains("files were modified by this hook"),
        "{}",
        said(&output)
    );
    repository.add(".");
    assert!(try_out("pullwright-check-system").status.success());
}
