//! The progress bar on a real terminal, and nowhere else.

use crate::tools::{program, pullwright, run};

/// Enough configs, and pods beside them, for half a second.
const TEAMS: usize = 400;
const POD: &str = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx:1}]}\n";

#[test]
fn a_bar_is_drawn_on_a_terminal_and_cleared_and_no_pipe_sees_it() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let config = include_str!("../../examples/secret/pullwright.yaml");
    for team in 0..TEAMS {
        // Two configs may not rotate one token, nor generate one workload in a cluster.
        let config = config.replace("sample-pull", &format!("sample-pull-{team}"));
        let config = config.replace("[prod]", &format!("[prod-{team}]"));
        let config = config.replace("name: prod", &format!("name: prod-{team}"));
        let team = folder.path().join(team.to_string());
        std::fs::create_dir(&team).expect("the folder is ours");
        std::fs::write(team.join("pullwright.yaml"), config).expect("the folder is ours");
        std::fs::write(team.join("pods.yaml"), POD.repeat(30)).expect("the folder is ours");
    }
    let on_a_terminal = |line: &str| {
        let output = run(program("script")
            .args(["--quiet", "--return", "--command", line, "/dev/null"])
            .current_dir(folder.path())
            .env("TERM", "xterm"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (command, files) in [("render . --dry-run", TEAMS), ("audit .", 2 * TEAMS)] {
        let total = format!("/{files}");
        let line = format!("{:?} {command} --format json", pullwright().get_program());
        let said = on_a_terminal(&line);
        assert!(said.contains(&total), "{command} shows no bar");
        // Cleared again: what stays on the screen begins at the left of an empty line.
        let (_, last) = said.rsplit_once(&total).expect("it is there");
        assert!(last.contains("\u{1b}[2K"), "{last:?}");
        let piped = on_a_terminal(&format!("{line} 2>err >out; cat err"));
        assert!(!piped.contains(&total), "{piped:?}");
        let one = on_a_terminal(&line.replace(" . ", " 1/pullwright.yaml "));
        assert!(!one.contains("/1\u{1b}"), "one file needs no bar: {one:?}");
    }
}
