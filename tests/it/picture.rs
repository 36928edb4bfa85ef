//! Makes the README's picture from an example: `SNAPSHOTS=overwrite cargo test picture`.

use std::fmt::Write;

use crate::support::{fresh, source};

/// Pixels from one line of text to the next.
const LINE: usize = 17;
/// Pixels of one character, a little more than most fonts need.
const CHARACTER: usize = 8;
/// Widths of the two columns, and what is around and between them.
const LEFT: usize = 590;
const RIGHT: usize = 590;
const MARGIN: usize = 10;
const GAP: usize = 80;

#[test]
fn the_picture_shows_the_example_as_it_is() {
    fresh("docs/pictures/picture.svg", &picture());
}

fn picture() -> String {
    let config: Vec<String> = source("examples/secret/pullwright.yaml")
        .lines()
        .skip(1)
        .map(str::to_owned)
        .collect();
    let folder = "examples/secret/expected/sample";
    let pod = body(
        &source(&format!("{folder}/default/pod-sample-pod.yaml")),
        14,
    );
    let kustomization = body(&source(&format!("{folder}/kustomization.yaml")), 6);
    let script: Vec<String> = source(&format!("{folder}/pull-secret-prod.sh"))
        .lines()
        // What it holds of the config.
        .skip_while(|line| !line.starts_with("script "))
        .map(str::to_owned)
        .collect();
    let mut body = String::new();
    panel(&mut body, MARGIN, MARGIN, LEFT, "pullwright.yaml", &config);
    let x = MARGIN + LEFT + GAP;
    let mut y = MARGIN;
    for (title, lines) in [
        ("k8s/sample/default/pod-sample-pod.yaml", &pod),
        ("k8s/sample/kustomization.yaml", &kustomization),
        ("k8s/sample/pull-secret-prod.sh", &script),
    ] {
        panel(&mut body, x, y, RIGHT, title, lines);
        let (start, middle) = (MARGIN + LEFT + 8, y + 30);
        writeln!(
            body,
            "<path class=\"arrow\" d=\"M{start} {middle} h{} m-8 -6 l8 6 l-8 6\"/>",
            GAP - 16
        )
        .expect("memory can be written");
        y += lines.len() * LINE + 52;
    }
    let width = x + RIGHT + MARGIN;
    let height = y.max(config.len() * LINE + 52 + MARGIN);
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"one config on the left, the files that it makes on the right\"";
    format!("{head} viewBox=\"0 0 {width} {height}\">\n{STYLE}{body}</svg>\n")
}

/// The lines behind the first comment.
fn body(text: &str, most: usize) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && *line != "---");
    lines.take(most).map(str::to_owned).collect()
}

fn panel(out: &mut String, x: usize, y: usize, width: usize, title: &str, lines: &[String]) {
    let height = lines.len() * LINE + 42;
    writeln!(
        out,
        "<rect class=\"panel\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
    )
    .expect("memory can be written");
    writeln!(
        out,
        "<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>",
        x + 12,
        y + 20,
        escaped(title)
    )
    .expect("memory can be written");
    for (number, line) in lines.iter().enumerate() {
        let room = (width - 24) / CHARACTER;
        let mut cut: String = line.chars().take(room).collect();
        if line.chars().count() > room {
            cut.pop();
            cut.push('…');
        }
        // By place, because many programs drop spaces at the start.
        let lead = cut.len() - cut.trim_start().len();
        writeln!(
            out,
            "<text x=\"{}\" y=\"{}\">{}</text>",
            x + 12 + lead * CHARACTER,
            y + 42 + number * LINE,
            escaped(cut.trim_start())
        )
        .expect("memory can be written");
    }
}

fn escaped(text: &str) -> String {
    // Many programs fold ordinary spaces.
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace(' ', "\u{a0}")
}

const STYLE: &str = "<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
.title { font-weight: 700; fill: #0969da; }
.panel { fill: #f6f8fa; stroke: #d0d7de; }
.arrow { fill: none; stroke: #0969da; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .title { fill: #58a6ff; }
  .panel { fill: #161b22; stroke: #30363d; }
  .arrow { stroke: #58a6ff; }
}
</style>
";
