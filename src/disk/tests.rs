//! What may happen between the look at a directory and the last move in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::artifact::{FileMode, RenderedFile};
use crate::change::{Change, Kind, Prune};
use crate::diag::Report;
use crate::disk::moves::{Failure, Run, Task, apply_with};
use crate::disk::place::Place;
use crate::disk::stage::{Locks, Stage, Work, tidy};
use crate::secret::Redacted;

const PATHS: [&str; 4] = ["a/n1/x.yaml", "a/n2/x.yaml", "a/n3/x.yaml", "a/x.sh"];

fn change(path: &str, kind: Kind, mode: FileMode) -> Change {
    Change {
        path: path.to_owned(),
        kind,
        old: None,
        new: (kind != Kind::Stale).then(|| RenderedFile {
            path: path.to_owned(),
            text: Redacted::new("new".to_owned()),
            access: None,
            mode,
        }),
        needed_by: None,
        known: Arc::default(),
    }
}

fn work(changes: &[Change]) -> Work<'_> {
    Work {
        changes,
        force: false,
        prune: Prune::All,
        locks: Some(Locks {
            between: "between".to_owned(),
            after: Some("after".to_owned()),
        }),
    }
}

/// A tree of old files, and what is to be done with them: one of each kind.
struct Tree {
    folder: tempfile::TempDir,
    changes: Vec<Change>,
}

impl Tree {
    fn new() -> Self {
        let tree = Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
            changes: vec![
                change("a/n0/x.yaml", Kind::Create, FileMode::Plain),
                change(PATHS[0], Kind::Update, FileMode::Private),
                change(PATHS[1], Kind::Stale, FileMode::Plain),
                change(PATHS[2], Kind::Update, FileMode::Plain),
                change(PATHS[3], Kind::Permissions, FileMode::Executable),
            ],
        };
        for path in PATHS.into_iter().chain(["pullwright.lock"]) {
            tree.write(path, "old");
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("k8s").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }

    fn place(&self) -> Place {
        Place::below(self.folder.path(), "k8s", "k8s").expect("it is a directory")
    }

    /// All that is in the directory: text and permissions of files, and the directories.
    fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        list(&self.path(""), &mut found);
        found
    }

    fn apply(&self, between: impl FnOnce()) -> Result<(), Failure> {
        let place = self.place();
        let work = work(&self.changes);
        let task = Task {
            place: &place,
            work,
        };
        apply_with(&[task], between)
    }
}

fn list(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).expect("it is ours").flatten() {
        let path = entry.path();
        let metadata = entry.metadata().expect("it is there");
        let is_dir = metadata.is_dir();
        let text = if is_dir {
            list(&path, found);
            String::new()
        } else {
            std::fs::read_to_string(&path).expect("it is ours")
        };
        let mode = mode(&metadata);
        found.insert(path, format!("{mode:o} {text}"));
    }
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode()
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0
}

fn messages(failure: &Failure) -> Vec<String> {
    let all = failure.reports.iter().flat_map(Report::sorted);
    all.map(|one| one.message.clone()).collect()
}

#[test]
fn all_kinds_of_work_are_done_and_nothing_else_is_left() {
    let tree = Tree::new();
    tree.apply(|| {}).expect("nothing is in the way");
    let found = tree.snapshot();
    let text = |name: &str| found.get(&tree.path(name)).map(String::as_str);
    assert!(text("a/n0/x.yaml").is_some_and(|text| text.ends_with(" new")));
    assert!(text(PATHS[2]).is_some_and(|text| text.ends_with(" new")));
    assert!(text("pullwright.lock").is_some_and(|text| text.ends_with(" after")));
    assert_eq!(text("a/n2"), None, "the folder that pruning emptied");
    #[cfg(unix)]
    {
        assert_eq!(text(PATHS[0]), Some("100600 new"));
        assert_eq!(text(PATHS[3]), Some("100755 old"));
    }
    // Files, directories and the lock.
    assert_eq!(found.len(), 9, "{found:#?}");
}

#[test]
fn a_move_that_fails_takes_back_all_moves_before() {
    // Each of these comes in the way of one of the moves, after all of them were tried.
    type InTheWay = fn(&Tree);
    let cases: [(&str, InTheWay); 5] = [
        ("a/n0/x.yaml", |tree| tree.write("a/n0/x.yaml", "mine")),
        (PATHS[1], |tree| {
            std::fs::remove_file(tree.path(PATHS[1])).expect("it is ours");
        }),
        (PATHS[2], |tree| {
            std::fs::remove_file(tree.path(PATHS[2])).expect("it is ours");
            tree.write("a/n3/x.yaml/mine", "mine");
        }),
        (PATHS[3], |tree| {
            std::fs::remove_file(tree.path(PATHS[3])).expect("it is ours");
        }),
        (PATHS[2], |tree| {
            std::fs::remove_dir_all(tree.path("a/n3")).expect("it is ours");
        }),
    ];
    for (path, in_the_way) in cases {
        let tree = Tree::new();
        let mut wanted = BTreeMap::new();
        let failure = tree
            .apply(|| {
                in_the_way(&tree);
                wanted = tree.snapshot();
            })
            .expect_err("something is in the way");
        assert!(failure.is_undone);
        let messages = messages(&failure);
        assert!(
            messages.len() == 1 && messages[0].starts_with(&format!("cannot write `k8s/{path}`")),
            "{messages:?}"
        );
        // The stage, and the directory of the new file unless something is in it.
        let stage = tree.path(".pullwright-tmp");
        wanted.retain(|path, _| !path.starts_with(&stage));
        if path != "a/n0/x.yaml" {
            wanted.remove(&tree.path("a/n0"));
        }
        assert_eq!(tree.snapshot(), wanted, "{path}");
    }
}

#[test]
fn a_failure_in_one_folder_leaves_the_others_as_they_were() {
    let trees = [Tree::new(), Tree::new(), Tree::new()];
    let places = trees.each_ref().map(Tree::place);
    let tasks = [0, 1, 2].map(|one| Task {
        place: &places[one],
        work: work(&trees[one].changes),
    });
    let before = [trees[0].snapshot(), trees[2].snapshot()];
    let failure = apply_with(&tasks, || trees[1].write("a/n0/x.yaml", "mine"));
    let failure = failure.expect_err("something is in the way");
    assert!(failure.is_undone && failure.reports[1].has_errors());
    assert!(!failure.reports[0].has_errors() && !failure.reports[2].has_errors());
    assert_eq!([trees[0].snapshot(), trees[2].snapshot()], before);
}

#[test]
fn what_cannot_be_taken_back_is_named_and_the_lock_goes_on_knowing_it() {
    let tree = Tree::new();
    let place = tree.place();
    let work = work(&tree.changes);
    let folder = place.folder().expect("it is there");
    let stage = Stage::prepare(folder, &work);
    let mut run = Run::new(stage.expect("it can be written").expect("there is work"));
    assert!(!run.go_to_lock().has_errors());
    std::fs::remove_dir_all(tree.path("a/n3")).expect("it is ours");
    let report = run.undo();
    let messages: Vec<&str> = report
        .sorted()
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`k8s/a/n3/x.yaml` is missing and cannot be restored: its directory was removed or replaced"
        ]
    );
    let found = tree.snapshot();
    let text = |name: &str| found.get(&tree.path(name)).map(String::as_str);
    assert!(text(PATHS[0]).is_some_and(|text| text.ends_with(" old")));
    assert!(text(PATHS[1]).is_some_and(|text| text.ends_with(" old")));
    assert!(text("pullwright.lock").is_some_and(|text| text.ends_with(" between")));
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_folder_leads_nothing_elsewhere() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new();
    let outside = tempfile::tempdir().expect("there is a place for scratch folders");
    let away = tree.folder.path().join("away");
    let place = tree.place();
    let work = work(&tree.changes);
    // After the look, and once more after everything was tried.
    let swap = |from: &Path, to: &Path| {
        std::fs::rename(from, to).expect("it is ours");
        let from = from.to_string_lossy();
        symlink(outside.path(), from.trim_end_matches('/')).expect("links can be made");
    };
    swap(&tree.path(""), &away);
    let task = Task {
        place: &place,
        work,
    };
    apply_with(&[task], || {
        swap(&away.join("a/n1"), &away.join("n1"));
    })
    .expect_err("a link is in the way");
    let found = std::fs::read_dir(outside.path()).expect("it is ours");
    assert_eq!(found.count(), 0);
    assert_eq!(
        std::fs::read_to_string(away.join("n1/x.yaml")).expect("it is there"),
        "old"
    );
}

#[test]
fn git_sees_nothing_of_what_a_killed_run_leaves() {
    let tree = Tree::new();
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(arguments)
            .current_dir(tree.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("it is text")
    };
    git(&["init", "-q"]);
    // Even if the repository holds a stage, and wants to see everything.
    tree.write(".pullwright-tmp/0", "of the repository");
    tree.write(".gitignore", "!*\n!.pullwright-tmp/**\n");
    git(&["add", "-A", "-f"]);
    git(&[
        "-c",
        "user.name=n",
        "-c",
        "user.email=e",
        "commit",
        "-q",
        "-m",
        "m",
    ]);
    let place = tree.place();
    let work = work(&tree.changes);
    let folder = place.folder().expect("it is there");
    // It is not ended: as if the run were killed here.
    let stage = Stage::prepare(folder, &work);
    let stage = stage.expect("it can be written").expect("there is work");
    assert!(stage.dir.exists("1"), "the Secret is in it");
    let status = git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(status, " D k8s/.pullwright-tmp/0\n");
    #[cfg(unix)]
    for (path, wanted) in [("", 0o700), (".gitignore", 0o600)] {
        let path = tree.path(".pullwright-tmp").join(path);
        let metadata = std::fs::metadata(path).expect("it is there");
        assert_eq!(mode(&metadata) & 0o777, wanted);
    }
    drop(stage);
    tree.apply(|| {}).expect("nothing is in the way");
    assert!(!tree.path(".pullwright-tmp").exists());
}

/// A run may be killed while it clears its stage, so what git must not see goes before its list of patterns.
#[test]
fn the_ignore_list_of_a_stage_goes_last() {
    let tree = Tree::new();
    let place = tree.place();
    let folder = place.folder().expect("it is there");
    let stage = tree.path(".pullwright-tmp");
    for round in 0..24 {
        // The order of a directory depends on its names.
        let inner = stage.join(format!("{round:016x}"));
        std::fs::create_dir_all(&inner).expect("it is ours");
        std::fs::write(stage.join(".gitignore"), "*\n").expect("it is ours");
        for number in 0..200 {
            std::fs::write(inner.join(number.to_string()), "a secret").expect("it is ours");
        }
        std::thread::scope(|scope| {
            scope.spawn(|| tidy(folder));
            while stage.join(".gitignore").exists() {
                std::thread::yield_now();
            }
            assert!(!inner.exists(), "round {round}");
        });
        assert!(!stage.exists());
    }
}
