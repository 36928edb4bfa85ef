//! Makes the README's picture from an example: `SNAPSHOTS=overwrite cargo test picture`.

use std::fmt::Write;

use crate::support::{fresh, source};

/// Pixels from one line of text to the next.
const LINE: usize = 17;

#[test]
fn the_picture_shows_the_example_as_it_is() {
    fresh("examples/picture.svg", &picture());
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
        .filter(|line| line.starts_with("readonly") || line.starts_with("  --"))
        .map(str::to_owned)
        .collect();
    let mut out = String::from(STYLE);
    let width = 420;
    panel(&mut out, 10, 10, width, "pullwright.yaml", &config);
    let mut y = 10;
    for (title, lines) in [
        ("k8s/sample/default/pod-sample-pod.yaml", &pod),
        ("k8s/sample/kustomization.yaml", &kustomization),
        ("k8s/sample/pull-secret-prod.sh", &script),
    ] {
        panel(&mut out, 510, y, width + 60, title, lines);
        let middle = y + 30;
        writeln!(
            out,
            "<path class=\"arrow\" d=\"M{} {middle} h68 m-8 -6 l8 6 l-8 6\"/>",
            10 + width + 6
        )
        .expect("memory can be written");
        y += lines.len() * LINE + 52;
    }
    out.push_str("</svg>\n");
    out
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
        let cut: String = line.chars().take(width / 8).collect();
        writeln!(
            out,
            "<text x=\"{}\" y=\"{}\">{}</text>",
            x + 12,
            y + 42 + number * LINE,
            escaped(&cut)
        )
        .expect("memory can be written");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

const STYLE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 590\" role=\"img\" aria-label=\"one config on the left, the files that it makes on the right\">
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; white-space: pre; }
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
