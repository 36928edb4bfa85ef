//! One folder or one system call that fails among many: all files change, or none.
//!
//! `PULLWRIGHT_FAULTS=1000 cargo test --test real -- faults --nocapture` lets each kind of call fail at
//! up to so many moments and prints the figures; without the variable, fewer do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::tools::{files, program, pullwright, run};

/// Configs of a run, each with a folder of its own.
const TEAMS: [&str; 3] = ["a", "b", "c"];

/// Three configs whose folders hold the files of another version of theirs.
struct Teams {
    folder: tempfile::TempDir,
}

impl Teams {
    fn new() -> Self {
        let teams = Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
        };
        teams.say(1, "n1, n2, n3, n4, n5");
        run(teams.render().arg("--prune"));
        // Others are to be changed, made and removed.
        teams.say(2, "n2, n3, n4, n5, n6");
        teams
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn say(&self, version: u32, namespaces: &str) {
        for team in TEAMS {
            let text = format!(
                "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {{name: {team}}}
spec:
  registries: [{{name: youruniquename}}]
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [{namespaces}]
      secret: {{name: secret-{version}, delivery: placeholder}}
"
            );
            let folder = self.path(team);
            std::fs::create_dir_all(&folder).expect("it is ours");
            std::fs::write(folder.join("pullwright.yaml"), text).expect("it is ours");
        }
    }

    /// `render` of all three.
    fn render(&self) -> Command {
        let mut command = pullwright();
        command
            .args(["render", "."])
            .current_dir(self.folder.path());
        command
    }

    /// All files with their texts, but for the configs and what is not in place.
    fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        tree(self.folder.path())
    }
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let all = files(folder, "").into_iter();
    all.filter(|path| !path.ends_with("pullwright.yaml"))
        .map(|path| {
            let text = std::fs::read(&path).expect("it is ours");
            let path = path.strip_prefix(folder).expect("it lies below");
            (path.to_owned(), text)
        })
        .collect()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// Runs a shell line in the folder, where mounts are its own, with the binary as `$P`.
fn with_mounts(teams: &Teams, line: &str) -> Output {
    program("unshare")
        .args(["--map-root-user", "--mount", "bash", "-euc", line])
        .current_dir(teams.folder.path())
        .env("P", pullwright().get_program())
        .output()
        .expect("unshare starts")
}

#[test]
fn a_folder_that_cannot_be_written_keeps_all_files_as_they_are() {
    let teams = Teams::new();
    let before = teams.tree();
    let output = with_mounts(
        &teams,
        "mount --bind b/k8s/sample/n5 b/k8s/sample/n5
        mount -o remount,bind,ro b/k8s/sample/n5
        exec $P render . --prune",
    );
    let words = said(&output);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(
        words.contains("cannot write `b/k8s/sample/n5/secret.yaml`: the file system is read-only"),
        "{words}"
    );
    assert!(
        words.contains("nothing was written: 1 of 3 configs cannot be written"),
        "{words}"
    );
    assert!(teams.tree() == before, "a file has changed");
    run(teams.render().arg("--prune"));
}

#[test]
fn a_file_that_cannot_be_replaced_keeps_all_files_as_they_are() {
    let teams = Teams::new();
    let before = teams.tree();
    let output = with_mounts(
        &teams,
        "mount --bind b/k8s/sample/n5/secret.yaml b/k8s/sample/n5/secret.yaml
        exec $P render . --prune",
    );
    let words = said(&output);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(
        words.contains("cannot write `b/k8s/sample/n5/secret.yaml`: it is a mount point"),
        "{words}"
    );
    assert!(teams.tree() == before, "a file has changed");
}

#[test]
fn the_rights_of_a_user_are_asked_first() {
    let teams = Teams::new();
    // Root may write everything.
    let line = "cp $P pullwright
        chmod 555 b/k8s/sample/n5 c/k8s/sample/n1
        user() { \"$@\"; }
        if [[ \"$(id -u)\" == 0 ]]; then
            chmod 755 .; chown -R 65534:65534 .
            user() { setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; }
        fi
        user ./pullwright render . --prune && exit 9
        echo exit $?
        chmod 755 b/k8s/sample/n5 c/k8s/sample/n1";
    let before = teams.tree();
    let _ = program("setpriv");
    let output = program("bash")
        .args(["-euc", line])
        .current_dir(teams.folder.path())
        .env("P", pullwright().get_program())
        .output()
        .expect("bash starts");
    let words = said(&output);
    assert!(words.contains("exit 2"), "{words}");
    for file in ["b/k8s/sample/n5/secret.yaml", "c/k8s/sample/n1/secret.yaml"] {
        let message = format!("cannot write `{file}`: permission denied");
        assert!(words.contains(&message), "{words}");
    }
    let mut after = teams.tree();
    after.remove(Path::new("pullwright"));
    assert!(after == before, "a file has changed");
}

#[test]
fn an_immutable_file_or_folder_keeps_all_files_as_they_are() {
    for place in ["b/k8s/sample/n5/secret.yaml", "b/k8s/sample/n5"] {
        let teams = Teams::new();
        let before = teams.tree();
        let path = teams.path(place);
        let chattr = |flag: &str| {
            let output = Command::new("chattr").arg(flag).arg(&path).output();
            output.is_ok_and(|output| output.status.success())
        };
        if !chattr("+i") {
            println!("not tried: this file system, or this user, cannot make files immutable");
            return;
        }
        let output = teams.render().arg("--prune").output();
        assert!(chattr("-i"));
        let output = output.expect("it starts");
        let words = said(&output);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(
            words.contains("cannot write `b/k8s/sample/n5/secret.yaml`: "),
            "{words}"
        );
        assert!(teams.tree() == before, "a file has changed");
    }
}

#[test]
fn a_call_that_fails_at_any_moment_changes_all_files_or_none() {
    let moments = std::env::var("PULLWRIGHT_FAULTS");
    let moments: u32 = moments.map_or(6, |text| text.parse().expect("it is a number"));
    let after = {
        let teams = Teams::new();
        run(teams.render().arg("--prune"));
        teams.tree()
    };
    let (mut none, mut all, mut parts) = (0, 0, 0);
    for (call, error) in [
        ("renameat2", "EIO"),
        ("renameat", "EIO"),
        ("mkdirat", "ENOSPC"),
        ("openat2", "EMFILE"),
        ("write", "ENOSPC"),
        ("fsync", "EIO"),
        ("syncfs", "EIO"),
    ] {
        for moment in 1..=moments {
            // The first calls of the file are those of the start; later ones write.
            let when = match call {
                "openat2" => moment * 3,
                _ => moment,
            };
            for how in ["", "+"] {
                let teams = Teams::new();
                let before = teams.tree();
                let mut command = program("strace");
                command
                    .args(["-f", "-qq", "-o", "/dev/null", "-e"])
                    .arg(format!("inject={call}:error={error}:when={when}{how}"))
                    .arg(pullwright().get_program())
                    .args(["render", ".", "--prune"])
                    // Calls are counted by thread.
                    .env("RAYON_NUM_THREADS", "1")
                    .current_dir(teams.folder.path());
                let output = command.output().expect("strace starts");
                let words = said(&output);
                let found = teams.tree();
                let case = format!("{call} {when}{how}: {words}");
                assert!(!words.contains("panicked"), "{case}");
                if found == before {
                    none += 1;
                } else if found == after {
                    all += 1;
                } else {
                    // All calls fail from then on, those that move back as well: this is reported, file by
                    // file.
                    parts += 1;
                    assert!(words.contains("failed to restore some files"), "{case}");
                    assert_eq!(how, "+", "one fault alone can be undone: {case}");
                    named(&before, &found, &words);
                }
                if output.status.success() {
                    assert!(found == after, "{case}");
                }
                // The next run needs no force.
                let next = teams.render().arg("--prune").output().expect("it starts");
                assert!(next.status.success(), "{case}{}", said(&next));
                assert!(teams.tree() == after, "{case}");
            }
        }
    }
    println!(
        "faults of system calls: {none} changed nothing, {all} everything, {parts} could not be undone and were named"
    );
}

/// Each file that is not as it was is named, but for locks: those go on knowing both states.
fn named(before: &BTreeMap<PathBuf, Vec<u8>>, found: &BTreeMap<PathBuf, Vec<u8>>, words: &str) {
    let paths = before.keys().chain(found.keys());
    for path in paths.filter(|path| before.get(*path) != found.get(*path)) {
        let shown = path.display().to_string();
        let is_own = shown.ends_with("pullwright.lock") || shown.contains(".pullwright-tmp");
        assert!(
            is_own || words.contains(&format!("`{shown}`")),
            "{shown}: {words}"
        );
    }
}

#[test]
fn a_folder_that_is_swapped_for_a_link_leads_nothing_elsewhere() {
    let rounds = 60;
    let mut swapped = 0;
    for round in 0..rounds {
        let teams = Teams::new();
        let outside = tempfile::tempdir().expect("there is a place for scratch folders");
        let folder = teams.path("a/k8s");
        let mut child = teams
            .render()
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(round));
        std::fs::rename(&folder, teams.path("away")).expect("it is ours");
        std::os::unix::fs::symlink(outside.path(), &folder).expect("links can be made");
        swapped += u32::from(child.try_wait().expect("it is ours").is_none());
        let _ = child.wait();
        let found = std::fs::read_dir(outside.path()).expect("it is ours");
        assert_eq!(found.count(), 0, "something was written outside");
    }
    println!(
        "{rounds} swaps of an output folder for a link, {swapped} of them before the run ended: nothing was written outside"
    );
    assert!(swapped > 0);
}

#[test]
fn many_configs_need_no_higher_limit_of_open_files() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let teams = Teams::new();
    let text = std::fs::read(teams.path("a/pullwright.yaml")).expect("it is ours");
    for number in 0..200 {
        let team = folder.path().join(number.to_string());
        std::fs::create_dir(&team).expect("it is ours");
        std::fs::write(team.join("pullwright.yaml"), &text).expect("it is ours");
    }
    let output = program("bash")
        .args(["-euc", "ulimit -S -n 64; exec $P render ."])
        .current_dir(folder.path())
        .env("P", pullwright().get_program())
        .output()
        .expect("bash starts");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn whenever_a_run_is_killed_while_it_makes_its_stage_git_sees_nothing_of_it() {
    let teams = Teams::new();
    let git = |arguments: &[&str]| {
        let mut git = program("git");
        git.args(arguments).current_dir(teams.folder.path());
        run(&mut git)
    };
    git(&["init", "-q"]);
    let mut left = 0;
    // Each thread counts its own calls: the second `linkat` may never come.
    let moments = (1..=12).map(|at| ("write", at));
    for (call, at) in moments.chain([("linkat", 1), ("linkat", 2)]) {
        let inject = format!("inject={call}:signal=KILL:when={at}");
        let output = program("strace")
            .args(["-f", "-o", "/dev/null", "-e", &inject])
            .arg(pullwright().get_program())
            .args(["render", "."])
            .current_dir(teams.folder.path())
            .output()
            .expect("strace starts");
        assert!(
            at == 2 || !output.status.success(),
            "{call} {at}: {}",
            said(&output)
        );
        left += usize::from(teams.path("a/k8s/.pullwright-tmp").exists());
        let status = git(&["status", "--porcelain", "--untracked-files=all"]);
        let status = String::from_utf8_lossy(&status.stdout).into_owned();
        assert!(!status.contains(".pullwright-tmp"), "{call} {at}: {status}");
        run(&mut teams.render());
        teams.say(1 + at % 2, "n2, n3, n4, n5, n6");
    }
    assert!(
        left > 5,
        "only {left} runs had a stage when they were killed"
    );
}
