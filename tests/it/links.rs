//! Every link and every anchor of the documentation exists, and every page is in the book.

use std::path::Path;

use crate::pages::{anchors, links, normal};
use crate::support::{pages, root, source};

/// How pages of the book link to files of the repository that are not in the book.
const REPOSITORY: &str = "https://github.com/OWNER/pullwright";

/// What is wrong with a link of a page; `None` if nothing is.
fn fault(page: &str, link: &str) -> Option<String> {
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    let (target, is_site) = if let Some(rest) = path.strip_prefix(REPOSITORY) {
        let file = ["/blob/main/", "/tree/main/"]
            .iter()
            .find_map(|kind| rest.strip_prefix(kind));
        (file?.to_owned(), true)
    } else if path.starts_with("https://") {
        return None;
    } else if path.contains(':') {
        return Some("is neither a relative link nor one by https".to_owned());
    } else if path.is_empty() {
        (page.to_owned(), false)
    } else {
        let folder = Path::new(page).parent().expect("a page has a folder");
        let target = normal(&folder.join(path));
        let Some(target) = target else {
            return Some("leaves the repository".to_owned());
        };
        (target.to_string_lossy().replace('\\', "/"), false)
    };
    if !root().join(&target).exists() {
        return Some(format!("`{target}` does not exist"));
    }
    if page.starts_with("docs/") && !target.starts_with("docs/") && !is_site {
        return Some(format!(
            "leaves the book: link to {REPOSITORY}/blob/main/{target}"
        ));
    }
    let anchor = anchor?;
    if !target.ends_with(".md") {
        return Some("has an anchor in a file that is no page".to_owned());
    }
    let known = anchors(&source(&target));
    if known.iter().any(|one| one == anchor) {
        return None;
    }
    Some(format!("`{target}` has no heading `#{anchor}`"))
}

#[test]
fn every_link_and_anchor_exists() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for link in links(&source(&page)) {
            faults.extend(fault(&page, &link).map(|why| format!("{page}: {link}: {why}")));
            count += 1;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 200, "{count}");
}

/// The check itself: each kind of broken link is found.
#[test]
fn broken_links_are_found() {
    for (page, link, words) in [
        ("README.md", "docs/nothing.md", "does not exist"),
        ("docs/index.md", "nothing.md", "does not exist"),
        ("docs/index.md", "../../etc", "leaves the repository"),
        ("docs/index.md", "../README.md", "leaves the book"),
        ("docs/how-to/why.md", "../../SECURITY.md", "leaves the book"),
        ("docs/index.md", "#nothing", "has no heading"),
        ("docs/index.md", "config.md#nothing", "has no heading"),
        ("docs/index.md", "pictures/picture.svg#a", "no page"),
        ("docs/index.md", "http://example.com", "by https"),
        (
            "docs/index.md",
            "https://github.com/OWNER/pullwright/blob/main/NOTHING.md",
            "does not exist",
        ),
        (
            "docs/index.md",
            "https://github.com/OWNER/pullwright/blob/main/SECURITY.md#nothing",
            "has no heading",
        ),
    ] {
        let why = fault(page, link);
        assert!(
            why.as_ref().is_some_and(|why| why.contains(words)),
            "{page}: {link}: {why:?}"
        );
    }
    assert_eq!(
        anchors("# A `b.c[]` d\n\n## A\n\n```\n# no\n```\n\n## A\n"),
        ["a-bc-d", "a", "a-1"]
    );
}

#[test]
fn every_page_is_in_the_summary_once_and_every_entry_exists() {
    let mut listed = links(&source("docs/SUMMARY.md"));
    listed.sort();
    let mut pages: Vec<String> = pages()
        .iter()
        .filter_map(|page| page.strip_prefix("docs/"))
        .filter(|page| *page != "SUMMARY.md")
        .map(str::to_owned)
        .collect();
    pages.sort();
    assert_eq!(listed, pages);
}

/// Who reads only the README finds every page.
#[test]
fn the_readme_is_one_screen_and_links_to_every_page() {
    let readme = source("README.md");
    let lines = readme.lines().count();
    assert!(lines <= 90, "README.md has {lines} lines");
    let links = links(&readme);
    for page in pages() {
        let is_linked = links.contains(&page);
        let is_page = page.starts_with("docs/") && page != "docs/SUMMARY.md";
        assert!(is_linked || !is_page, "the README does not link to {page}");
    }
}
