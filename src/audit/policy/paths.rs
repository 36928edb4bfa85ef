//! Globs of a policy: which files they mean.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::names::PathGlob;

/// Some globs.
#[derive(Debug, Clone)]
pub struct Paths(GlobSet);

impl Paths {
    /// Those of a policy.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a PathGlob>) -> Self {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            for pattern in patterns(glob.as_str()) {
                // A name that is loaded is a valid glob.
                if let Some(glob) = compiled(&pattern) {
                    set.add(glob);
                }
            }
        }
        Self(set.build().unwrap_or_else(|_| GlobSet::empty()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them means a file; `path` is relative to the directory of the policy, with `/`
    /// between its parts.
    pub fn has(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

/// A glob means what it matches and all that is below; one without `/` matches at any depth.
fn patterns(glob: &str) -> Vec<String> {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let glob = glob.trim_end_matches('/');
    let mut all = vec![glob.to_owned(), format!("{glob}/**")];
    if !glob.contains('/') {
        all.extend([format!("**/{glob}"), format!("**/{glob}/**")]);
    }
    all
}

fn compiled(pattern: &str) -> Option<Glob> {
    let mut builder = GlobBuilder::new(pattern);
    builder.literal_separator(true).build().ok()
}

#[cfg(test)]
mod tests {
    use crate::audit::policy::paths::Paths;
    use crate::names::PathGlob;

    #[test]
    fn a_glob_means_files_and_directories() {
        for (glob, path, want) in [
            ("vendor", "vendor/a.yaml", true),
            ("vendor", "apps/vendor/b/a.yaml", true),
            ("vendor/", "vendor/a.yaml", true),
            ("./vendor", "vendor/a.yaml", true),
            ("vendor", "vendors/a.yaml", false),
            ("*.generated.yaml", "apps/a.generated.yaml", true),
            ("*.generated.yaml", "a.yaml", false),
            ("apps/*", "apps/a/b.yaml", true),
            ("apps/*.yaml", "apps/a/b.yaml", false),
            ("apps/**/b.yaml", "apps/a/b.yaml", true),
            ("apps/{a,b}/c.yaml", "apps/b/c.yaml", true),
            ("apps", "other/app", false),
        ] {
            let globs = Paths::new([&PathGlob::parse(glob).expect("it is a glob")]);
            assert_eq!(globs.has(path), want, "{glob} {path}");
        }
        assert!(Paths::new([]).is_empty() && !Paths::new([]).has("a"));
    }
}
