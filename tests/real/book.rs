//! The documentation as a site, built by mdBook: nothing to warn of, and no link that leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::tools::{files, program, root, run};

/// The values of an attribute in a page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let before = format!(" {name}=\"");
    html.split(&before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(out.pop(), "{} leaves the book", path.display()),
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}

/// What is wrong with the links of a built book.
fn faults(book: &Path) -> Vec<String> {
    let pages: BTreeMap<PathBuf, String> = files(book, ".html")
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a page is text");
            (path, text)
        })
        .collect();
    assert!(pages.len() > 30, "{}", pages.len());
    let ids: BTreeMap<&PathBuf, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, text)| (path, attributes(text, "id").into_iter().collect()))
        .collect();
    let mut faults = Vec::new();
    for (page, text) in &pages {
        let links = attributes(text, "href")
            .into_iter()
            .chain(attributes(text, "src"));
        for link in links.filter(|link| !link.starts_with("https://")) {
            // Its own links are relative to the site's root, which is unknown here.
            let is_of_404 = page.ends_with("404.html") && link.starts_with('/');
            let link = if is_of_404 { &link[1..] } else { link };
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => normal(&page.parent().expect("it is in a folder").join(path)),
            };
            let known = ids.get(&target);
            let is_there = target.is_file() || target.is_dir();
            let has_anchor = anchor.is_empty() || known.is_some_and(|known| known.contains(anchor));
            if !is_there || !has_anchor {
                faults.push(format!("{}: {link}", page.display()));
            }
        }
    }
    faults
}

/// Builds the book of a folder.
fn build(source: &Path, book: &Path) -> (bool, String) {
    let output = program("mdbook")
        .arg("build")
        .arg(source)
        .arg("--dest-dir")
        .arg(book)
        .output()
        .expect("mdbook starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let is_clean = output.status.success() && !said.contains("WARN") && !said.contains("ERROR");
    (is_clean, said)
}

#[test]
fn the_book_builds_without_a_warning_and_every_link_leads_somewhere() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let book = folder.path().join("book");
    let (is_clean, said) = build(&root().join("docs"), &book);
    assert!(is_clean, "{said}");
    let faults = faults(&book);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // It can be searched, and shows its pictures.
    let scripts = files(&book, ".js");
    let has_index = scripts
        .iter()
        .any(|file| file.to_string_lossy().contains("searchindex"));
    assert!(has_index, "{scripts:?}");
    assert!(book.join("pictures/picture.svg").is_file());
}

/// The checks themselves, on a copy of the book with mistakes.
#[test]
fn a_broken_book_is_found() {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let (source, book) = (folder.path().join("docs"), folder.path().join("book"));
    run(program("cp")
        .arg("-r")
        .arg(root().join("docs"))
        .arg(&source));
    let page = source.join("index.md");
    let text = std::fs::read_to_string(&page).expect("it is there");
    let broken = text + "\n[a](nothing.md) [b](config.md#nothing) ![c](nothing.svg)\n";
    std::fs::write(&page, broken).expect("it is ours");
    build(&source, &book);
    let faults = faults(&book).join("\n");
    for link in ["nothing.", "config.html#nothing", "nothing.svg"] {
        assert!(faults.contains(link), "{link}: {faults}");
    }
    std::fs::write(&page, "# A\n\n<div>\n\nnever closed\n").expect("it is ours");
    let (is_clean, said) = build(&source, &book);
    assert!(!is_clean, "{said}");
}
