//! What a tree looks like after `kill -9` at any moment, in a folder that goes, and after a race.
//!
//! `PULLWRIGHT_MOMENTS=1000 cargo test --test real -- robustness --nocapture` prints the figures of
//! the README; without the variable, fewer moments do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::tools::{files, pullwright, run};

/// Namespaces of the tree, with three objects each.
const NAMESPACES: usize = 1_000;

/// Two configs whose trees have the same paths, and no text alike.
struct World {
    folder: tempfile::TempDir,
    /// By path: the texts of the two trees.
    texts: BTreeMap<PathBuf, [Vec<u8>; 2]>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        let mut world = Self {
            folder,
            texts: BTreeMap::new(),
        };
        for config in [0, 1] {
            let path = world.path(&format!("{config}.yaml"));
            std::fs::write(path, text(config)).expect("it is ours");
            run(&mut world.render(config, &format!("reference-{config}")));
        }
        let trees = ["reference-0", "reference-1"].map(|tree| world.tree(tree));
        let [one, mut other] = trees;
        for (path, text) in one {
            let second = other.remove(&path).expect("both have the same paths");
            assert_ne!(text, second, "{}", path.display());
            world.texts.insert(path, [text, second]);
        }
        assert!(other.is_empty() && world.texts.len() > 3 * NAMESPACES);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `render` of one of the configs into a folder.
    fn render(&self, config: usize, out: &str) -> Command {
        let mut command = pullwright();
        command
            .arg("render")
            .arg(self.path(&format!("{config}.yaml")))
            .arg("--out")
            .arg(self.path(out))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// All files of a tree but the lock and what is not in place.
    fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.path(name);
        let relative = |path: &Path| {
            let path = path.strip_prefix(&folder).expect("it lies below");
            path.to_owned()
        };
        let all = files(&folder, "").into_iter();
        all.map(|path| (relative(&path), path))
            .filter(|(path, _)| !path.starts_with(".pullwright-tmp"))
            .filter(|(path, _)| !path.ends_with("pullwright.lock"))
            .map(|(path, whole)| (path, std::fs::read(whole).expect("it is there")))
            .collect()
    }

    /// How many files of a tree are those of each config; every file must be one of them, whole.
    fn count(&self, name: &str) -> [usize; 2] {
        let tree = self.tree(name);
        assert_eq!(tree.len(), self.texts.len(), "a file is missing");
        let mut count = [0, 0];
        for (path, text) in tree {
            let both = self.texts.get(&path).expect("no file is new");
            let which = both.iter().position(|one| *one == text);
            count[which.unwrap_or_else(|| panic!("{} is torn", path.display()))] += 1;
        }
        count
    }
}

/// A config; `which` is in every text that it makes.
fn text(which: usize) -> String {
    let namespaces: Vec<String> = (0..NAMESPACES).map(|one| format!("n{one:04}")).collect();
    format!(
        "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {{name: sample}}
spec:
  registries: [{{name: youruniquename}}]
  access:
    - name: sample
      strategy: serviceAccount
      registries: [youruniquename]
      namespaces: [{}]
      secret: {{name: secret-{which}, delivery: placeholder}}
      serviceAccount: {{name: account-{which}}}
      workloads:
        - kind: Pod
          name: app
          containers: [{{name: c, image: 'youruniquename.azurecr.io/c:{which}'}}]
",
        namespaces.join(", ")
    )
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn killed_at_any_moment_each_file_is_the_old_one_or_the_new_one() {
    let moments = std::env::var("PULLWRIGHT_MOMENTS");
    let moments: u32 = moments.map_or(25, |text| text.parse().expect("it is a number"));
    let world = World::new();
    run(&mut world.render(0, "tree"));
    let begin = Instant::now();
    run(&mut world.render(1, "tree"));
    let whole = begin.elapsed();

    // Steps of the golden ratio spread over the whole run however many there are; the machine's own
    // noise does the rest.
    let (mut at, mut target) = (0.0_f64, 0);
    let (mut before, mut between, mut after) = (0, 0, 0);
    for _ in 0..moments {
        at = (at + 0.618_033_988_749_895).fract();
        let mut child = world.render(target, "tree").spawn().expect("it starts");
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * at * 1.1));
        child.kill().expect("it is ours");
        let _ = child.wait();
        let [one, other] = world.count("tree");
        let (new, old) = if target == 0 {
            (one, other)
        } else {
            (other, one)
        };
        match (old, new) {
            (_, 0) => before += 1,
            (0, _) => after += 1,
            _ => between += 1,
        }
        // The next run repairs, without force, and nothing is left behind.
        let mended = world.render(target, "tree").output().expect("it starts");
        assert!(mended.status.success(), "{}", said(&mended));
        assert_eq!(world.count("tree")[1 - target], 0);
        assert!(!world.path("tree/.pullwright-tmp").exists());
        target = 1 - target;
    }
    println!(
        "{moments} kills of a rewrite of {} files: {before} before the first move, {between} among the moves, {after} after the last; no file torn, each next run mended the tree",
        world.texts.len()
    );
    assert!(moments < 100 || (before > 0 && between > 0));
}

/// A repository with several configs that write Secrets in clear text where git ignores them.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    const CONFIGS: usize = 5;

    fn new() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
        };
        std::fs::write(repository.folder.path().join(".gitignore"), "secret.yaml\n")
            .expect("it is ours");
        run(&mut repository.git(&["init", "-q"]));
        repository.say(0);
        repository
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = crate::tools::program("git");
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    }

    fn say(&self, which: usize) {
        let namespaces: Vec<String> = (0..60).map(|one| format!("n{one:04}")).collect();
        let namespaces = namespaces.join(", ");
        for config in 0..Self::CONFIGS {
            let text = format!(
                "apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {{name: sample}}
spec:
  registries: [{{name: youruniquename}}]
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [{namespaces}]
      secret:
        name: secret-{which}
        delivery: manifest
        credential: {{type: env, usernameFrom: U, passwordFrom: P}}
"
            );
            let folder = self.folder.path().join(config.to_string());
            std::fs::create_dir_all(&folder).expect("it is ours");
            std::fs::write(folder.join("pullwright.yaml"), text).expect("it is ours");
        }
    }

    fn render(&self) -> Command {
        let mut command = pullwright();
        command
            .args(["render", "."])
            .current_dir(self.folder.path())
            .env("U", "sample-pull")
            .env("P", "hunter2-0f8e")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

#[test]
fn killed_among_several_configs_the_next_run_mends_them_and_git_sees_no_secret() {
    let moments = std::env::var("PULLWRIGHT_MOMENTS");
    let moments: u32 = moments.map_or(25, |text| text.parse().expect("it is a number"));
    let repository = Repository::new();
    run(&mut repository.render());
    let (mut at, mut left) = (0.0_f64, 0);
    for moment in 1..=moments {
        repository.say(usize::try_from(moment % 2).expect("it is small"));
        at = (at + 0.618_033_988_749_895).fract();
        // The first half of a run reads and renders.
        let mut child = repository.render().spawn().expect("it starts");
        let stage = repository.folder.path().join("0/k8s/.pullwright-tmp");
        let begin = Instant::now();
        while !stage.exists() && begin.elapsed() < Duration::from_secs(10) {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_secs_f64(0.05 * at));
        child.kill().expect("it is ours");
        let _ = child.wait();
        let staged = files(repository.folder.path(), "").into_iter();
        let staged = staged.filter(|path| path.to_string_lossy().contains(".pullwright-tmp"));
        left += u32::from(staged.count() > 0);
        let status = ["status", "--porcelain", "--untracked-files=all"];
        let status = run(&mut repository.git(&status));
        let status = String::from_utf8_lossy(&status.stdout).into_owned();
        assert!(!status.contains(".pullwright-tmp"), "{status}");
        // And nothing that git would take up holds the password.
        run(&mut repository.git(&["add", "-A"]));
        let found = repository
            .git(&[
                "grep",
                "--cached",
                "-l",
                "-e",
                "hunter2-0f8e",
                "-e",
                "aHVudGVyMi0wZjhl",
                "-e",
                ".dockerconfigjson: \"ey",
            ])
            .output()
            .expect("git starts");
        assert!(found.stdout.is_empty(), "{found:?}");
        let mended = repository.render().output().expect("it starts");
        assert!(mended.status.success(), "{}", said(&mended));
        let check = pullwright()
            .args(["check", "."])
            .current_dir(repository.folder.path())
            .envs([("U", "sample-pull"), ("P", "hunter2-0f8e")])
            .output()
            .expect("it starts");
        assert!(check.status.success(), "{}", said(&check));
        let staged = files(repository.folder.path(), "").into_iter();
        let mut staged = staged.filter(|path| path.to_string_lossy().contains(".pullwright-tmp"));
        assert_eq!(staged.next(), None);
    }
    println!(
        "{moments} kills of a run over {} configs with Secrets in clear text, {left} of which left something: git saw none of it, each next run mended all of them",
        Repository::CONFIGS
    );
    assert!(moments < 25 || left > 0);
}

#[test]
fn two_runs_at_once_leave_the_tree_of_one_of_them() {
    let world = World::new();
    run(&mut world.render(0, "tree"));
    for _ in 0..5 {
        let children =
            [1, 0].map(|config| world.render(config, "tree").spawn().expect("it starts"));
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", said(&output));
        }
        let count = world.count("tree");
        assert!(count.contains(&0), "a mix of both: {count:?}");
        let last = usize::from(count[0] == 0);
        let check = pullwright()
            .arg("check")
            .arg(world.path(&format!("{last}.yaml")))
            .arg("--out")
            .arg(world.path("tree"))
            .output()
            .expect("it starts");
        assert!(check.status.success(), "the lock is that of the tree");
    }
}

#[test]
fn a_folder_that_goes_meanwhile_is_explained_and_made_again() {
    let world = World::new();
    for step in 1..=6 {
        run(&mut world.render(0, "tree"));
        let begin = Instant::now();
        let child = world.render(1, "tree").spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(40 * step));
        // Its files may come back while it goes.
        while std::fs::remove_dir_all(world.path("tree")).is_err() && world.path("tree").exists() {
            assert!(begin.elapsed() < Duration::from_secs(60));
        }
        let output = child.wait_with_output().expect("it ends");
        let said = said(&output);
        assert!(
            output.status.success() || (output.status.code() == Some(2) && said.contains("error[")),
            "{said}"
        );
        assert!(!said.contains("panicked"), "{said}");
        let again = world.render(1, "tree").output().expect("it starts");
        let words = String::from_utf8_lossy(&again.stderr).into_owned();
        assert!(again.status.success(), "{words}");
        assert_eq!(world.count("tree")[0], 0);
        std::fs::remove_dir_all(world.path("tree")).expect("it is ours");
    }
}
