//! The seeds of the fuzz targets hold what the targets ask for, so that each crash that was found
//! stays mended.

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use crate::support::{files, root};

fn on_all_seeds(target: &str, body: fn(&str)) {
    on_all(&format!("fuzz/seeds/{target}"), body);
}

fn on_all(folder: &str, body: fn(&str)) {
    let folder = root().join(folder);
    let seeds = files(&folder);
    assert!(!seeds.is_empty());
    for seed in seeds {
        let bytes = std::fs::read(folder.join(&seed)).expect("it is there");
        // libFuzzer hands on texts alone.
        if let Ok(text) = String::from_utf8(bytes) {
            body(&text);
        }
    }
}

#[test]
fn configs() {
    on_all_seeds("config", bodies::config);
}

#[test]
fn locks() {
    on_all_seeds("lock", bodies::lock);
}

#[test]
fn resource_lists() {
    on_all_seeds("resource_list", bodies::resource_list);
}

#[test]
fn templates() {
    on_all_seeds("template", bodies::template);
}

/// The streams of the tests are the seeds of their target.
#[test]
fn streams() {
    on_all("tests/cases/fn", bodies::stream);
    on_all("fuzz/seeds/resource_list", bodies::stream);
}
