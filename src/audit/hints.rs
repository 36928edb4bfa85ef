//! Signs that the nodes of a cluster have access to a registry: lines of scripts, templates and notes that
//! attach it or assign the pull role. Never more than a hint: whether they were run cannot be seen.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::audit::facts::{Spot, TextId};
use crate::span::Span;

/// A text that may attach a registry.
#[derive(Debug)]
pub struct Evidence {
    /// Number of the text.
    pub text: TextId,
    /// Its path.
    pub path: String,
    /// Its content.
    pub content: String,
}

/// Endings of the files that are looked at.
pub const ENDINGS: &[&str] = &[
    "azcli",
    "bash",
    "bat",
    "bicep",
    "bicepparam",
    "cmd",
    "md",
    "ps1",
    "psm1",
    "sh",
    "tf",
    "tfvars",
    "txt",
    "yaml",
    "yml",
    "json",
];

/// Words of a line that grants access: the option of `az aks`, and the two pull roles by name and number
/// (<https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-directory-reference>).
const GRANTS: &str = r"(?i)--attach-acr|\bAcrPull\b|7f951dda-4ed3-4680-a7ca-43fe172d538d|Container Registry Repository Reader|b93aa761-3e63-49ed-ac28-beffa264f7ac";

fn grants() -> Option<&'static Regex> {
    static GRANT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(GRANTS).ok());
    GRANT.as_ref()
}

/// The grants that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roles {
    /// All of them.
    Any,
    /// `AcrPull`, by name, by number or by `--attach-acr`.
    OfRbac,
}

/// Whether a grant is the role of registries in ABAC mode.
fn is_of_abac(grant: &str) -> bool {
    let grant = grant.to_ascii_lowercase();
    grant.starts_with("container") || grant.starts_with("b93aa761")
}

/// Whether a text has a line that grants access to some registry.
pub fn grants_something(content: &str) -> bool {
    grants().is_some_and(|grant| grant.is_match(content))
}

/// The hosts of `wanted` that the evidence grants access to, with where. The name of the registry must be
/// in the line that grants, or be the value of the variable there, or else a word near it.
pub fn hints(
    wanted: &HashSet<String>,
    evidence: &[Evidence],
    roles: Roles,
) -> HashMap<String, Spot> {
    let mut found = HashMap::new();
    for one in evidence {
        let near: Vec<&Evidence> = evidence
            .iter()
            .filter(|other| is_near(&one.path, &other.path))
            .collect();
        for (span, line) in lines(one) {
            let Some(grant) = grants().and_then(|grant| grant.find(line)) else {
                continue;
            };
            // The group of AcrPullBinding is called so as well, and the Secrets that its first version creates.
            if ["acrpull.microsoft.com", "msi-acrpull"]
                .iter()
                .any(|name| line.contains(name))
            {
                continue;
            }
            // Notes may name a role without assigning it.
            if roles == Roles::OfRbac && (is_of_abac(grant.as_str()) || is_prose(&one.path)) {
                continue;
            }
            let subject = subject(line, grant.end());
            for host in wanted {
                let name = host.split(['.', '-']).next().unwrap_or_default();
                if names_it(&subject, name, &near) {
                    let spot = Spot {
                        text: one.text,
                        span,
                    };
                    found.entry(host.clone()).or_insert(spot);
                }
            }
        }
    }
    found
}

/// What a granting line says about the registry.
#[derive(Debug, PartialEq, Eq)]
enum Subject<'a> {
    /// Its name.
    Name(&'a str),
    /// A variable.
    Variable(&'a str),
    /// Nothing.
    Unknown,
}

/// The argument of `--attach-acr`; other grants name a scope in many ways.
fn subject(line: &str, end: usize) -> Subject<'_> {
    let is_option = line
        .get(..end)
        .is_some_and(|before| before.to_ascii_lowercase().ends_with("--attach-acr"));
    let rest = line.get(end..).unwrap_or_default();
    if !is_option {
        return Subject::Unknown;
    }
    let rest = rest.trim_start_matches(['=', ' ', '"', '\'', '`']);
    let is_end = |c: char| c.is_whitespace() || "\"'`\\)".contains(c);
    let word = rest.split(is_end).next().unwrap_or_default();
    // A resource id ends in the name.
    let word = word.rsplit('/').next().unwrap_or_default();
    let bare = word.trim_start_matches(['$', '{', '(', '%']);
    let bare = bare.trim_end_matches(['}', ')', '%']);
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    match word {
        word if is_name(word) => Subject::Name(word),
        word if word.starts_with(['$', '%']) && !bare.is_empty() => Subject::Variable(bare),
        _ => Subject::Unknown,
    }
}

fn names_it(subject: &Subject<'_>, name: &str, near: &[&Evidence]) -> bool {
    let is_near = || {
        near.iter()
            .any(|one| has_word(one, name) || is_composed(one, name))
    };
    match subject {
        Subject::Name(own) => own.eq_ignore_ascii_case(name),
        Subject::Variable(variable) => {
            let values: Vec<&str> = near.iter().flat_map(|one| values(one, variable)).collect();
            if values.is_empty() {
                is_near()
            } else {
                values.iter().any(|value| value.eq_ignore_ascii_case(name))
            }
        }
        Subject::Unknown => is_near(),
    }
}

/// The literal values that a text assigns to a variable: `NAME=x`, `$NAME = "x"`, `NAME: x`.
fn values<'a>(one: &'a Evidence, variable: &str) -> Vec<&'a str> {
    let found = lines(one).filter_map(|(_, line)| {
        let line = line.trim_start();
        let line = [
            "export ", "set ", "$script:", "$global:", "$env:", "$", "- ",
        ]
        .iter()
        .find_map(|prefix| line.strip_prefix(prefix))
        .unwrap_or(line);
        let rest = line.strip_prefix(variable)?.trim_start();
        let rest = rest.strip_prefix(['=', ':'])?;
        let value = rest.trim_start().trim_start_matches(['"', '\'']);
        let value = value.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        (!value.is_empty()).then_some(value)
    });
    found.collect()
}

fn has_word(one: &Evidence, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    lines(one).any(|(_, line)| {
        let lower = line.to_ascii_lowercase();
        lower.match_indices(name).any(|(at, _)| {
            let before = lower.get(..at).and_then(|text| text.chars().next_back());
            let after = lower
                .get(at + name.len()..)
                .and_then(|text| text.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
    })
}

/// Whether a template of Terraform composes a name that begins as this one: `"acr${var.suffix}"`.
fn is_composed(one: &Evidence, name: &str) -> bool {
    static COMPOSED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#""([a-z0-9]{3,})\$\{"#).ok());
    let Some(composed) = COMPOSED.as_ref().filter(|_| one.path.ends_with(".tf")) else {
        return false;
    };
    let prefixes = composed.captures_iter(&one.content);
    let mut prefixes = prefixes.filter_map(|found| Some(found.get(1)?.as_str()));
    prefixes.any(|prefix| name.starts_with(prefix))
}

/// Whether a file is a note for people.
fn is_prose(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".txt")
}

/// Lines that are not comments, with where they are.
fn lines(one: &Evidence) -> impl Iterator<Item = (Span, &str)> {
    let is_prose = is_prose(&one.path);
    let mut at = 0;
    one.content.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let bare = line.trim();
        let skip = line.len() - line.trim_start().len();
        let marks = ["#", "//", "REM ", "::", "<!--"];
        let is_comment = !is_prose && marks.iter().any(|mark| bare.starts_with(mark));
        let span = Span::new(start + skip..start + skip + bare.len());
        (!is_comment && !bare.is_empty()).then_some((span, line))
    })
}

/// Whether two files belong together: in one directory, or below that of a Terraform or Bicep project.
fn is_near(one: &str, other: &str) -> bool {
    let directory = |path: &str| {
        path.rsplit_once('/')
            .map_or("", |(above, _)| above)
            .to_owned()
    };
    let (here, there) = (directory(one), directory(other));
    if here == there {
        return true;
    }
    let project = here.split("/modules").next().unwrap_or(&here);
    project.len() < here.len() && (there == project || there.starts_with(&format!("{project}/")))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::audit::facts::TextId;
    use crate::audit::hints::{Evidence, Roles, hints};

    fn found(files: &[(&str, &str)]) -> bool {
        let evidence = files
            .iter()
            .enumerate()
            .map(|(at, (path, content))| Evidence {
                text: TextId(at),
                path: (*path).to_owned(),
                content: (*content).to_owned(),
            });
        let evidence: Vec<Evidence> = evidence.collect();
        let wanted = HashSet::from(["youruniquename.azurecr.io".to_owned()]);
        !hints(&wanted, &evidence, Roles::Any).is_empty()
    }

    #[test]
    fn a_hint_names_the_same_registry() {
        for (files, want) in [
            (
                vec![("a.sh", "az aks update -n c --attach-acr youruniquename\n")],
                true,
            ),
            (
                vec![(
                    "a.sh",
                    "az aks update -n c --attach-acr=\"youruniquename\"\n",
                )],
                true,
            ),
            (
                vec![(
                    "a.sh",
                    "az aks update --attach-acr other\n# youruniquename\necho youruniquename\n",
                )],
                false,
            ),
            (
                vec![("a.sh", "# az aks update --attach-acr youruniquename\n")],
                false,
            ),
            (
                vec![("a.sh", "az acr login --name youruniquename\n")],
                false,
            ),
            (
                vec![(
                    "a.sh",
                    "ACR=youruniquename\naz aks update --attach-acr $ACR\n",
                )],
                true,
            ),
            (
                vec![(
                    "a.sh",
                    "export ACR=\"other\"\naz aks update --attach-acr \"${ACR}\"\necho youruniquename\n",
                )],
                false,
            ),
            (
                vec![
                    ("s/a.ps1", "az aks update --attach-acr $ACR\n"),
                    ("s/config.ps1", "$ACR = \"youruniquename\"\n"),
                ],
                true,
            ),
            (
                vec![
                    ("s/a.ps1", "az aks update --attach-acr $ACR\n"),
                    ("t/config.ps1", "$ACR = \"youruniquename\"\n"),
                ],
                false,
            ),
            (
                vec![(
                    "a.md",
                    "Run `az aks update --attach-acr <ACR_NAME>` for youruniquename.\n",
                )],
                true,
            ),
            (
                vec![
                    (
                        "tf/modules/aks/main.tf",
                        "role_definition_name = \"AcrPull\"\n",
                    ),
                    ("tf/dev/main.tf", "acr = \"youruniquename\"\n"),
                ],
                true,
            ),
            (
                vec![
                    (
                        "tf/modules/aks/main.tf",
                        "role_definition_name = \"AcrPull\"\n",
                    ),
                    ("tf/main.tf", "name = \"your${var.suffix}\"\n"),
                ],
                true,
            ),
            (
                vec![
                    ("tf/aks/main.tf", "role_definition_name = \"AcrPull\"\n"),
                    ("tf/dev/main.tf", "acr = \"youruniquename\"\n"),
                ],
                false,
            ),
            (
                vec![(
                    "a.sh",
                    "az role assignment create --role AcrPull --scope \"$(az acr show -n youruniquename)\"\n",
                )],
                true,
            ),
            (
                vec![(
                    "a.sh",
                    "--attach-acr /subscriptions/x/registries/youruniquename\n",
                )],
                true,
            ),
            (vec![("a.sh", "--attach-acr youruniquename2\n")], false),
        ] {
            assert_eq!(found(&files), want, "{files:?}");
        }
    }
}
