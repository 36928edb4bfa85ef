//! The import direction of ARCHITECTURE.md's table, held by reading every `use`.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{files, root, source};

/// Module to the modules it may import, as the table says.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = source("ARCHITECTURE.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let names = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut table = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        for module in names(cells[1]) {
            table.insert(module, names(cells[2]));
        }
    }
    table
}

/// Top-level module of a source file.
fn module_of(file: &str) -> String {
    let first = file.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table = table();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut problems = Vec::new();
    for file in files(&root().join("src")) {
        let name = file.to_string_lossy().into_owned();
        let module = module_of(&name);
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        seen.insert(module.clone());
        let Some(allowed) = table.get(&module) else {
            problems.push(format!("`{module}` has no row in ARCHITECTURE.md"));
            continue;
        };
        let text = source(&format!("src/{name}"));
        // Tests at the end of a file may use anything.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in code.split("crate::").skip(1) {
            let used: String = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if used != module && !used.is_empty() && !allowed.contains(&used) {
                problems.push(format!("src/{name} imports `{used}`"));
            }
        }
        if code.contains("use super::") {
            problems.push(format!("src/{name} imports by `super`: say `crate::…`"));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    let listed: BTreeSet<String> = table.into_keys().collect();
    assert_eq!(seen, listed, "the table lists other modules than there are");
}

#[test]
fn the_table_has_no_cycles() {
    let table = table();
    let mut done: BTreeSet<String> = BTreeSet::new();
    while done.len() < table.len() {
        let next: Vec<&String> = table
            .iter()
            .filter(|(module, allowed)| {
                !done.contains(*module) && allowed.iter().all(|one| done.contains(one))
            })
            .map(|(module, _)| module)
            .collect();
        assert!(
            !next.is_empty(),
            "a cycle among {:?}",
            table
                .keys()
                .filter(|one| !done.contains(*one))
                .collect::<Vec<_>>()
        );
        done.extend(next.into_iter().cloned().collect::<Vec<_>>());
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    for folder in [
        "src",
        "tests/it",
        "tests/real",
        "tests/lab",
        "tests/hostile",
        "benches",
        "templates/script/runtime",
    ] {
        for file in files(&root().join(folder)) {
            let name = format!("{folder}/{}", file.display());
            let purpose = if name.ends_with(".rs") {
                "//! "
            } else if folder == "tests/lab" && name.ends_with(".py") {
                "\"\"\""
            } else if name.ends_with(".sh") {
                "# shellcheck shell=bash\n# "
            } else {
                continue;
            };
            let text = source(&name);
            assert!(
                text.starts_with(purpose),
                "{name} does not open with its purpose"
            );
            let lines = text.lines().count();
            assert!(lines <= 400, "{name} has {lines} lines");
        }
    }
}
