//! The config that a lock belongs to, as the lock records it: the same on all machines.

use serde::{Deserialize, Serialize};

/// How a lock records that no config owns it: it was rendered from stdin, or to a directory that only the
/// command line names.
const SHARED: &str = "-";
const ABOVE: &str = "../";

/// Who a lock belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Owner {
    /// No config in particular.
    Shared,
    /// The config at this path, from the output directory on: `../` any number of times, and a name.
    Config(String),
}

impl Owner {
    /// The config called `name`, so many directories above the output directory. `None` if no lock can hold
    /// such a name.
    pub fn above(levels: usize, name: &str) -> Option<Self> {
        let path = format!("{}{name}", ABOVE.repeat(levels));
        is_config(&path).then_some(Self::Config(path))
    }

    /// How many directories the config is above the output directory.
    pub fn levels(&self) -> usize {
        match self {
            Self::Shared => 0,
            Self::Config(path) => path.matches(ABOVE).count(),
        }
    }
}

/// Whether a lock of ours may hold this path: it is in a repository that others write to.
fn is_config(path: &str) -> bool {
    let name = path.trim_start_matches(ABOVE);
    let is_strange = |c: char| c.is_control() || matches!(c, '/' | '\\');
    !matches!(name, "" | "." | ".." | SHARED) && !name.contains(is_strange)
}

impl From<Owner> for String {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Shared => SHARED.to_owned(),
            Owner::Config(path) => path,
        }
    }
}

impl TryFrom<String> for Owner {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            SHARED => Ok(Self::Shared),
            path if is_config(path) => Ok(Self::Config(text)),
            _ => Err("it is not the path of a config"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lock::Owner;

    #[test]
    fn only_a_file_above_owns_a_lock() {
        for bad in [
            "", ".", "..", "../", "../..", "/etc/x", "a/x", "../a/x", "a\\x", "a\nb", "../-",
        ] {
            assert!(Owner::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
        for (good, levels) in [("x.yaml", 0), ("../x.yaml", 1), ("../../é x.yml", 2)] {
            let owner = Owner::try_from(good.to_owned()).expect("it is one");
            assert_eq!(owner.levels(), levels);
            assert_eq!(String::from(owner), good);
        }
        assert_eq!(Owner::try_from("-".to_owned()), Ok(Owner::Shared));
    }
}
