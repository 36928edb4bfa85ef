//! Whether two references mean the same image.

use crate::manifest::reference;

/// How alike two references are. Later ones are more alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same repository, with another tag or digest.
    SameRepository,
    /// The same image.
    Same,
}

/// Docker Hub, which references may omit
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
const HUB: &[&str] = &["docker.io", "index.docker.io"];

/// A reference in its parts. It may be invalid, or have placeholders in its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// Host and repository, for comparison.
    pub(super) repository: String,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(image: &'a str) -> Self {
        let image = image.trim();
        let bare = image.split_once("://").map_or(image, |(_, rest)| rest);
        let host = reference::host(image);
        let path = host
            .and_then(|host| bare.strip_prefix(host)?.strip_prefix('/'))
            .unwrap_or(bare);
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (path, Some(digest)),
            None => (path, None),
        };
        let (path, tag) = match path.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
            Some(_) | None => (path, None),
        };
        let host = host.map(str::to_ascii_lowercase);
        let repository = match host {
            Some(host) if !HUB.contains(&host.as_str()) => {
                format!("{}/{path}", host.strip_suffix(":443").unwrap_or(&host))
            }
            Some(_) | None if path.contains('/') => format!("docker.io/{path}"),
            Some(_) | None => format!("docker.io/library/{path}"),
        };
        Self {
            repository,
            tag: tag.or((digest.is_none()).then_some("latest")),
            digest,
        }
    }

    /// How alike they are; `None` if they are of different repositories.
    pub(super) fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.repository != other.repository {
            return None;
        }
        let is_same = match (self.digest, other.digest) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.tag == other.tag,
            // A runtime may report a reference with both by one of them.
            (Some(_), None) | (None, Some(_)) => self.tag.is_some() && self.tag == other.tag,
        };
        Some(if is_same {
            Likeness::Same
        } else {
            Likeness::SameRepository
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::why::manifests::images::{Likeness, Parts};

    #[test]
    fn references_are_compared_by_what_they_mean() {
        let same = Some(Likeness::Same);
        let other = Some(Likeness::SameRepository);
        for (one, two, want) in [
            ("a.azurecr.io/web:1", "a.azurecr.io/web:1", same),
            ("a.azurecr.io/web:1", "A.azurecr.io:443/web:1", same),
            ("a.azurecr.io/web:1", "a.azurecr.io/web:2", other),
            ("a.azurecr.io/web:1", "a.azurecr.io/web:${TAG}", other),
            ("a.azurecr.io/web", "a.azurecr.io/web:latest", same),
            ("a.azurecr.io/web:1", "a.azurecr.io/b/web:1", None),
            ("a.azurecr.io/web:1", "b.azurecr.io/web:1", None),
            (
                "a.azurecr.io/web@sha256:1",
                "a.azurecr.io/web:1@sha256:1",
                same,
            ),
            (
                "a.azurecr.io/web@sha256:1",
                "a.azurecr.io/web:1@sha256:2",
                other,
            ),
            ("a.azurecr.io/web:1", "a.azurecr.io/web:1@sha256:2", same),
            ("a.azurecr.io/web", "a.azurecr.io/web@sha256:2", other),
            ("nginx", "docker.io/library/nginx:latest", same),
            ("a/b:1", "docker.io/a/b:1", same),
            ("localhost:5000/a", "localhost:5000/a:latest", same),
        ] {
            assert_eq!(
                Parts::of(one).likeness(&Parts::of(two)),
                want,
                "{one} {two}"
            );
        }
        for odd in ["", ":", "@", "://", "a.io/", "é/:@", "${A}/b"] {
            assert_eq!(Parts::of(odd).likeness(&Parts::of(odd)), same, "{odd}");
        }
    }
}
