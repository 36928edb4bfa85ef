//! The tutorial's sessions in a real bash, with stand-ins for az and kubectl: its scripts print what it shows.

use std::path::PathBuf;

use serde_json::json;

use crate::integrations::on_path;
use crate::sessions::{Step, replayed};
use crate::tools::{program, root};
use crate::world::World;

/// A directory of the reader, and the Azure and the clusters that its scripts act on.
struct Reader {
    folder: tempfile::TempDir,
    world: World,
}

impl Reader {
    fn new() -> Self {
        let world = World::new();
        let kubelet = world.get()["kubelet"].clone();
        let clusters = json!({"prod": {"client": "msi", "kubelet": kubelet}});
        world.change("/clusters", clusters);
        world.change("/contexts", json!(["prod", "edge"]));
        let account = json!({"metadata": {"resourceVersion": "7"}});
        world.change("/serviceaccounts", json!({"shop/default": account}));
        Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
            world,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let parent = path.parent().expect("it has a folder");
        std::fs::create_dir_all(parent).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }

    /// What a terminal shows of a command.
    fn run(&self, command: &str) -> String {
        let stand_ins = self.world.path().display();
        let output = on_path(program("bash"))
            .arg("-c")
            .arg(format!(
                "exec 2>&1; PATH=\"{stand_ins}:${{PATH}}\"; {command}"
            ))
            .env("STAND_IN_WORLD", self.world.path().join("world.json"))
            .env("STAND_IN_LOG", self.world.path().join("log.jsonl"))
            .current_dir(self.folder.path())
            .output()
            .expect("bash starts");
        String::from_utf8(output.stdout).expect("it is text")
    }
}

/// `SNAPSHOTS=overwrite cargo test --test real tutorial` writes what the scripts print now.
#[test]
fn the_sessions_of_the_tutorial_are_real() {
    let page = root().join("docs/tutorial.md");
    let text = std::fs::read_to_string(&page).expect("it is there");
    let mut reader = Reader::new();
    let mut scripts = 0;
    let new = replayed(&text, |step| match step {
        Step::Directory(kept) => {
            let next = Reader::new();
            for name in kept {
                let text = std::fs::read_to_string(reader.path(name)).expect("it is there");
                next.write(name, &text);
            }
            reader = next;
            None
        }
        Step::File(name, text) => {
            reader.write(name, text);
            None
        }
        // These need a cluster, and show nothing that depends on pullwright.
        Step::Command(command, _) if command.starts_with("kubectl ") => None,
        Step::Command(command, _) => {
            scripts += usize::from(command.starts_with("bash "));
            Some(reader.run(command))
        }
    });
    assert!(scripts >= 6, "{scripts}");
    let file = snapbox::Data::read_from(&page, Some(snapbox::data::DataFormat::Text));
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(new, file.raw());
}
