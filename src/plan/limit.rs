//! A few lines of a config can generate millions of files: they are counted before any is generated.

use crate::artifact::runtime;
use crate::config::Declared;
use crate::config::load::Loaded;
use crate::diag::{Code, Diagnostic, Report};
use crate::plan::with_entry;
use crate::pointer::Pointer;
use crate::strategy::Outside;
use crate::strategy::size::Size;

/// The default limit of files of one config.
pub const MAX_FILES: usize = 50_000;

/// What one file may hold on average, in bytes.
const AVERAGE: usize = 2 * 1024;

/// Refuses a config that generates more than `most` files, or as much text in fewer.
pub(super) fn check(
    loaded: &Loaded,
    declared: &Declared<'_>,
    outside: &dyn Outside,
    most: usize,
) -> Result<(), Report> {
    let access = &loaded.config.spec.access;
    let sizes: Vec<Size> = access
        .iter()
        .map(|access| {
            with_entry(declared, access, "", outside, |entry| {
                access.strategy.size(entry)
            })
        })
        .collect();
    // The kustomizations of all clusters and of each, what git reads, and what scripts share.
    let clusters = loaded.config.spec.clusters.len();
    let lists = clusters.saturating_mul(access.len()).saturating_mul(80);
    let scripts = if clusters > 0 { 2 } else { 0 };
    let root = Size {
        files: 2 + scripts + if clusters > 1 { clusters } else { 0 },
        bytes: lists.saturating_add(scripts * runtime::text().len()),
    };
    let all = sizes.iter().fold(root, |sum, one| sum.plus(*one));
    let weight = weight(all);
    if weight <= most {
        return Ok(());
    }
    let largest = sizes
        .iter()
        .enumerate()
        .max_by_key(|(_, one)| self::weight(**one));
    let (index, size) = largest.map_or((0, all), |(index, size)| (index, *size));
    let text = |size: Size| {
        if size.files > most || size.files >= size.bytes / AVERAGE {
            format!("{} files", size.files)
        } else {
            let files = if size.files == 1 { "file" } else { "files" };
            format!("{} {files} of about {} MiB", size.files, size.bytes >> 20)
        }
    };
    let message = format!(
        "the config generates {}, but at most {most} files of {} KiB are allowed",
        text(all),
        AVERAGE / 1024
    );
    let label = access.get(index).map_or_else(String::new, |access| {
        with_entry(declared, access, "", outside, |entry| {
            let [namespaces, workloads, clusters] = [
                entry.namespaces.len(),
                entry.workloads.len(),
                entry.clusters.len(),
            ];
            format!(
                "this entry generates {}: {namespaces} namespaces × {workloads} workloads, {clusters} clusters",
                text(size)
            )
        })
    });
    let entry = Pointer::root().key("spec").key("access").index(index);
    let diagnostic: Diagnostic = loaded.diagnose(Code::TooManyFiles, &entry.key("name"), message);
    Err(diagnostic
        .label(label)
        .help(format!(
            "split the config into several, or allow it with `--max-files {weight}`"
        ))
        .into())
}

/// How many files it is worth.
fn weight(size: Size) -> usize {
    size.files.max(size.bytes / AVERAGE)
}
