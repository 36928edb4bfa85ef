//! Files as services know them: paths and URIs from the root of the repository on.

use crate::diag::fingerprint::plain;

/// How messages name stdin.
const STDIN: &str = "<stdin>";

/// A file, seen from the root of the repository, or from the working directory outside of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Below it: the path from there, with `/` between its parts.
    Below(String),
    /// Elsewhere: the absolute path, or the path as named if the working directory is unknown.
    Elsewhere(String),
    /// It is no file.
    Stdin,
}

impl Seen {
    /// The file that users name so; `folder` is the working directory, or empty, and `root` what paths begin
    /// at, or empty if that is the same.
    pub(super) fn from(folder: &str, root: &str, name: &str) -> Self {
        if name == STDIN {
            return Self::Stdin;
        }
        let root = if root.is_empty() { folder } else { root };
        let [folder, root, name] = [folder, root, plain(name)].map(slashed);
        let is_absolute = |path: &str| path.starts_with('/') || (cfg!(windows) && drive(path));
        let base: Vec<&str> = parts(&folder).collect();
        let mut path: Vec<&str> = if is_absolute(&name) {
            Vec::new()
        } else {
            base.clone()
        };
        let own = path.len();
        for part in parts(&name) {
            if part != ".." {
                path.push(part);
            } else if folder.is_empty() && path.len() == own {
                return Self::Elsewhere(name.clone());
            } else {
                path.pop();
            }
        }
        let is_known = !folder.is_empty() || !is_absolute(&name);
        let top: Vec<&str> = parts(&root).collect();
        match path.strip_prefix(top.as_slice()) {
            Some([]) if is_known => Self::Below(".".to_owned()),
            Some(rest) if is_known => Self::Below(rest.join("/")),
            _ => Self::Elsewhere(format!("/{}", path.join("/"))),
        }
    }

    /// The path.
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Below(path) | Self::Elsewhere(path) => path,
            Self::Stdin => "stdin",
        }
    }

    /// The path as a URI: relative, or with the scheme `file`.
    pub(super) fn uri(&self) -> String {
        let scheme = match self {
            Self::Elsewhere(path) if path.starts_with('/') => "file://",
            Self::Elsewhere(_) | Self::Below(_) | Self::Stdin => "",
        };
        format!("{scheme}{}", encoded(self.path()))
    }
}

fn slashed(path: &str) -> String {
    if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    }
}

fn drive(path: &str) -> bool {
    path.as_bytes().get(1) == Some(&b':')
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// All but what RFC 3986 calls unreserved, and the slash, as `%` and two digits.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::diag::format::path::Seen;

    #[test]
    fn a_file_is_named_from_the_working_directory_on() {
        for (folder, name, uri) in [
            ("/repo", "a.yaml", "a.yaml"),
            ("/repo", "./a/./b/../c.yaml", "a/c.yaml"),
            ("/repo", "/repo/a.yaml", "a.yaml"),
            ("/repo", "/repository/a.yaml", "file:///repository/a.yaml"),
            ("/repo/x", "../a b.yaml", "file:///repo/a%20b.yaml"),
            ("/repo", "../../../a", "file:///a"),
            ("/repo", "../repo", "."),
            ("/", "a", "a"),
            ("", "a/b.yaml", "a/b.yaml"),
            ("", "a/../b.yaml", "b.yaml"),
            ("", "../a.yaml", "../a.yaml"),
            ("", "/a.yaml", "file:///a.yaml"),
            ("/repo", "<stdin>", "stdin"),
            ("/repo", "a:b?c#d%é\n", "a%3Ab%3Fc%23d%25%C3%A9%0A"),
        ] {
            assert_eq!(Seen::from(folder, "", name).uri(), uri, "{folder} {name}");
        }
    }

    #[test]
    fn a_path_begins_at_the_root_of_the_repository() {
        for (name, uri) in [
            ("a.yaml", "sub/a.yaml"),
            ("../a.yaml", "a.yaml"),
            ("/repo/sub/b/a.yaml", "sub/b/a.yaml"),
            ("../../a.yaml", "file:///a.yaml"),
            (".", "sub"),
            ("..", "."),
        ] {
            assert_eq!(Seen::from("/repo/sub", "/repo", name).uri(), uri, "{name}");
        }
    }
}
