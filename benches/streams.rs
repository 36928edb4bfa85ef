//! `fn` on long streams: time by size, growth with the config, and memory.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::{median, ours, own, peak, with_input, words};

/// What `fn` is measured on.
struct Race {
    what: &'static str,
    ours: (PathBuf, PathBuf),
    /// The config and the stream to compare with; without one, the trees of the same stream alone.
    baseline: Option<(PathBuf, PathBuf)>,
    target: f64,
}

/// Prints a table of its own: the runs are long, so that few of them are enough.
pub(crate) fn measure(folder: &Path, smoke: bool) {
    let (objects, rounds) = if smoke { (300, 1) } else { (100_000, 5) };
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the folder is ours");
        path
    };
    let one = file("one.yaml", config(1, "secret"));
    let accounts = file("accounts.yaml", config(300, "serviceAccount"));
    let one_account = file("one-account.yaml", config(1, "serviceAccount"));
    let most = file("others.yaml", stream(objects, "team-elsewhere"));
    let all = file("all.yaml", stream(objects, "team-00000"));
    let third = file("third.yaml", stream(objects * 3 / 10, "team-elsewhere"));
    let list = file("list.yaml", list(&config(1, "secret"), objects));
    let races = [
        Race {
            what: "fn, no object gets anything / their trees alone",
            ours: (one.clone(), most.clone()),
            baseline: None,
            target: 2.0,
        },
        Race {
            what: "fn, each object gets a secret / their trees alone",
            ours: (one.clone(), all.clone()),
            baseline: None,
            target: 5.0,
        },
        Race {
            what: "fn, 300 account entries / one",
            ours: (accounts, third.clone()),
            baseline: Some((one_account, third)),
            target: 1.5,
        },
    ];
    println!();
    println!(
        "| {objects} objects on stdin, median of {rounds} | ours ms | ms a MB | baseline ms | ratio | target |"
    );
    println!("|---|---|---|---|---|---|");
    for race in &races {
        let (config, input) = &race.ours;
        let function = |config: &Path| words(&["fn", &config.to_string_lossy()]);
        let mut times = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            times
                .0
                .push(with_input(ours(), &function(config), Some(input)));
            times.1.push(match &race.baseline {
                Some((config, input)) => with_input(ours(), &function(config), Some(input)),
                None => with_input(own(), &words(&["--as", "parse"]), Some(input)),
            });
        }
        let (mine, theirs) = (median(times.0), median(times.1));
        println!(
            "| {} | {mine:.0} | {:.1} | {theirs:.0} | {:.2} | {:.1} |",
            race.what,
            mine / megabytes(input),
            mine / theirs,
            race.target
        );
    }
    println!();
    println!("| peak memory of fn | MiB | input MiB | ratio | target |");
    println!("|---|---|---|---|---|");
    let function = words(&["fn", &one.to_string_lossy()]);
    for (what, arguments, input) in [
        ("no object gets anything", function.clone(), &most),
        ("each object gets a secret", function, &all),
        ("the same as a ResourceList", words(&["fn"]), &list),
    ] {
        let peak = peak(&arguments, Some(input));
        let size = megabytes(input) * 1e6 / 1_048_576.0;
        println!(
            "| {what} | {peak:.0} | {size:.1} | {:.1} | 6.0 |",
            peak / size
        );
    }
}

fn megabytes(path: &Path) -> f64 {
    let size = std::fs::metadata(path).expect("it was written").len();
    size as f64 / 1e6
}

/// A config with so many entries, each for a namespace of its own.
fn config(entries: usize, strategy: &str) -> String {
    let mut text = String::from(
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata: {name: many}\nspec:\n  registries: [{name: youruniquename}]\n  access:\n",
    );
    for number in 0..entries {
        write!(
            text,
            "    - name: team-{number}\n      strategy: {strategy}\n      registries: [youruniquename]\n      namespaces: [team-{number:05}]\n      secret: {{name: acr-secret, delivery: placeholder}}\n"
        )
        .expect("memory can be written");
        if strategy == "serviceAccount" {
            text.push_str("      serviceAccount: {name: app, mode: create}\n");
        }
    }
    text
}

fn object(number: usize, namespace: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{number}\n  namespace: {namespace}\n  labels:\n    app: app-{number}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: app-{number}\n  template:\n    metadata:\n      labels:\n        app: app-{number}\n    spec:\n      containers:\n        - name: main\n          image: {}/team/app-{number}:1.0\n          ports:\n            - containerPort: 8080\n",
        if namespace == "team-elsewhere" {
            "example.com"
        } else {
            "youruniquename.azurecr.io"
        }
    )
}

fn stream(objects: usize, namespace: &str) -> String {
    let all = (0..objects).map(|number| format!("---\n{}", object(number, namespace)));
    all.collect()
}

fn list(config: &str, objects: usize) -> String {
    let indented = |text: String, first: &str| {
        let text = text.trim_end().replace('\n', "\n    ");
        format!("{first}{text}\n")
    };
    let items: String = (0..objects)
        .map(|number| indented(object(number, "team-00000"), "  - "))
        .collect();
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}functionConfig:\n{}",
        indented(config.to_owned(), "    ")
    )
}
