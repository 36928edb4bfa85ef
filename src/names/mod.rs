//! The name rules of Azure, Kubernetes and image references, each a type and a schema format.
//! Sources: `domain.md` §3. No IO here.

mod audit;
pub mod azure;
pub mod image;
pub mod kubernetes;
pub mod local;
pub mod lookalike;
pub mod placeholder;
pub mod version;

use std::fmt;

/// Why a text is not a valid name, and what it might have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, as the end of a sentence: "upper case is not allowed".
    pub why: String,
    /// A valid name that is close.
    pub suggestion: Option<String>,
}

impl Fault {
    /// A fault without a suggestion.
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            suggestion: None,
        }
    }

    /// Suggests `text` in place of `original`, if it is another one that `check` accepts.
    #[must_use]
    pub fn suggest(
        mut self,
        original: &str,
        text: String,
        check: fn(&str) -> Result<(), Fault>,
    ) -> Self {
        if text != original && check(&text).is_ok() {
            self.suggestion = Some(text);
        }
        self
    }
}

/// One rule: how the schema names it, what it is for, and its check.
pub struct Rule {
    /// The `format` in the schema.
    pub format: &'static str,
    /// What such a name is called in a message.
    pub noun: &'static str,
    /// For hovers and for the config reference.
    pub about: &'static str,
    /// Valid names.
    pub examples: &'static [&'static str],
    /// A regular expression for editors; `check` is the authority.
    pub pattern: Option<&'static str>,
    /// Reports why a text is not such a name.
    pub check: fn(&str) -> Result<(), Fault>,
}

/// Declares a name type and its rule, and lists all rules once.
macro_rules! names {
    ($($name:ident { format: $format:literal, noun: $noun:literal, about: $about:literal, examples: [$($example:literal),+], pattern: $pattern:expr, check: $check:path $(,)? })+) => {
        $(
            #[doc = $about]
            ///
            /// Values that come out of a loaded config obey the rule.
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                /// The rule of this kind of name.
                pub const RULE: Rule = Rule { format: $format, noun: $noun, about: $about, examples: &[$($example),+], pattern: $pattern, check: $check };

                /// Checks `text` by the rule.
                ///
                /// # Errors
                /// Why it is not such a name.
                pub fn parse(text: &str) -> Result<Self, Fault> {
                    (Self::RULE.check)(text)?;
                    Ok(Self(text.to_owned()))
                }

                /// The text of the name.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl schemars::JsonSchema for $name {
                fn inline_schema() -> bool {
                    false
                }
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    Self::RULE.schema()
                }
            }
        )+

        /// All rules; the schema validator knows them by their format.
        pub const RULES: &[Rule] = &[$($name::RULE),+];
    };
}

impl Rule {
    /// The check as a schema validator calls it.
    pub fn check_format(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static + use<> {
        let check = self.check;
        move |text| check(text).is_ok()
    }

    /// The JSON schema of such a name.
    fn schema(&self) -> schemars::Schema {
        let mut schema = schemars::json_schema!({
            "type": "string",
            "format": self.format,
            "description": self.about,
            "examples": self.examples,
        });
        if let Some(pattern) = self.pattern {
            schema.insert("pattern".to_owned(), pattern.into());
        }
        schema
    }
}

names! {
    RegistryName { format: "acr-registry-name", noun: "registry name", about: "Resource name of the registry, without a suffix: 5 to 50 lower-case letters and digits.", examples: ["youruniquename"], pattern: Some("^[a-z0-9]{5,50}$"), check: azure::registry_name }
    LoginServer { format: "acr-login-server", noun: "login server", about: "Host that images are pulled from, without scheme, port or path.", examples: ["youruniquename.azurecr.io", "youruniquename-e7ggejfuhzhgedc8.azurecr.io"], pattern: None, check: azure::login_server }
    TokenName { format: "acr-token-name", noun: "token name", about: "Name of a repository-scoped token: 5 to 50 letters, digits and dashes, no dash first.", examples: ["sample-pull"], pattern: Some("^[a-zA-Z0-9][a-zA-Z0-9-]{4,49}$"), check: azure::token_name }
    ScopeMapName { format: "acr-scope-map-name", noun: "scope map name", about: "Name of a scope map: 5 to 50 letters, digits, dashes and underscores, no dash first.", examples: ["sample-pull-scope-map"], pattern: Some("^[a-zA-Z0-9_][a-zA-Z0-9_-]{4,49}$"), check: azure::scope_map_name }
    RepositoryPattern { format: "acr-repository-pattern", noun: "repository", about: "A repository, all below a prefix (`team/*`), or all (`*`).", examples: ["sample-container", "team/*"], pattern: None, check: azure::repository_pattern }
    ResourceGroup { format: "azure-resource-group", noun: "resource group", about: "Resource group: 1 to 90 letters, digits and `-_.()`, not ending in a dot.", examples: ["rg-prod"], pattern: None, check: azure::resource_group }
    ClusterName { format: "aks-cluster-name", noun: "cluster name", about: "Name of the cluster: 1 to 63 letters, digits, dashes and underscores, beginning and ending with a letter or digit.", examples: ["prod"], pattern: Some("^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$"), check: azure::cluster_name }
    Guid { format: "azure-guid", noun: "ID", about: "An Azure ID, such as a subscription ID.", examples: ["11111111-2222-3333-4444-555555555555"], pattern: None, check: azure::guid }
    Region { format: "azure-region", noun: "region", about: "Short name of an Azure region.", examples: ["westeurope"], pattern: Some("^[a-z0-9]{3,40}$"), check: azure::region }
    VmSize { format: "azure-vm-size", noun: "VM size", about: "Size of a virtual machine.", examples: ["Standard_D2s_v5"], pattern: Some("^[A-Za-z0-9_][A-Za-z0-9_-]{1,63}$"), check: azure::vm_size }
    AppName { format: "entra-app-name", noun: "app name", about: "Display name of an app registration in Microsoft Entra ID.", examples: ["sample-pull"], pattern: None, check: azure::app_name }
    Namespace { format: "kubernetes-namespace", noun: "namespace", about: "A namespace: 1 to 63 lower-case letters, digits and dashes.", examples: ["default"], pattern: None, check: kubernetes::label }
    ContainerName { format: "kubernetes-container-name", noun: "container name", about: "Name of a container: 1 to 63 lower-case letters, digits and dashes.", examples: ["sample-pod-container"], pattern: None, check: kubernetes::label }
    EntryName { format: "pullwright-entry-name", noun: "name", about: "A name in this file, also used for the output directory: 1 to 63 lower-case letters, digits and dashes.", examples: ["sample"], pattern: None, check: kubernetes::label }
    SecretName { format: "kubernetes-secret-name", noun: "Secret name", about: "Name of a Secret: lower-case letters, digits, dashes and dots.", examples: ["acr-secret"], pattern: None, check: kubernetes::subdomain }
    ServiceAccountName { format: "kubernetes-service-account-name", noun: "ServiceAccount name", about: "Name of a ServiceAccount: lower-case letters, digits, dashes and dots.", examples: ["sample-account", "default"], pattern: None, check: kubernetes::subdomain }
    WorkloadName { format: "kubernetes-workload-name", noun: "workload name", about: "Name of a workload: 1 to 63 lower-case letters, digits, dashes and dots.", examples: ["sample-pod"], pattern: None, check: kubernetes::workload }
    CronSchedule { format: "kubernetes-cron-schedule", noun: "schedule", about: "When a CronJob runs: five fields, or a word such as `@daily`.", examples: ["0 3 * * *"], pattern: None, check: kubernetes::cron_schedule }
    QualifiedName { format: "kubernetes-qualified-name", noun: "key", about: "Key of a label or annotation: a name of 1 to 63 letters, digits and `-_.`, after a domain and a slash if it has one.", examples: ["app.kubernetes.io/part-of"], pattern: None, check: kubernetes::qualified_name }
    LabelValue { format: "kubernetes-label-value", noun: "label value", about: "Value of a label: at most 63 letters, digits and `-_.`, beginning and ending with a letter or digit.", examples: ["sample"], pattern: None, check: kubernetes::label_value }
    KubernetesVersion { format: "kubernetes-version", noun: "Kubernetes version", about: "A Kubernetes version for a new cluster.", examples: ["1.34"], pattern: Some("^[0-9]+\\.[0-9]+(\\.[0-9]+)?$"), check: kubernetes::version }
    ApiGroup { format: "kubernetes-api-group", noun: "API group", about: "API group of a kind, without a version; empty for the core group.", examples: ["example.com"], pattern: None, check: kubernetes::api_group }
    KindName { format: "kubernetes-kind", noun: "kind", about: "A kind: 1 to 63 letters and digits, a letter first.", examples: ["Thing"], pattern: Some("^[A-Za-z][A-Za-z0-9]{0,62}$"), check: kubernetes::kind }
    FieldPath { format: "field-path", noun: "path", about: "A path from the root of an object: keys separated by dots, `[]` after a key for every element of its list, `*` for every key.", examples: ["spec.template.spec", "spec.tasks[].image"], pattern: None, check: kubernetes::field_path }
    ImageReference { format: "image-reference", noun: "image", about: "A full image reference: login server, repository, and a tag or digest.", examples: ["youruniquename.azurecr.io/sample-container:0.0.1"], pattern: None, check: image::reference }
    ContextName { format: "kubectl-context", noun: "kubectl context", about: "A context of the user's kubeconfig.", examples: ["prod"], pattern: None, check: local::context }
    EnvironmentVariable { format: "environment-variable", noun: "environment variable", about: "Name of an environment variable that holds the value: upper-case letters, digits and underscores.", examples: ["ACR_PASSWORD"], pattern: Some("^[A-Z_][A-Z0-9_]*$"), check: local::environment_variable }
    FolderPath { format: "relative-folder", noun: "directory", about: "A directory, relative to this file, with `/` between its parts.", examples: ["k8s"], pattern: None, check: local::folder }
    TemplateFolder { format: "template-folder", noun: "directory", about: "A directory, relative to this file, with `/` between its parts; it may begin with `../`.", examples: ["templates", "../templates"], pattern: None, check: local::above }
    IncludePath { format: "include-path", noun: "file", about: "A file, relative to this file, with `/` between its parts; it may begin with `../`.", examples: ["../fleet.yaml"], pattern: None, check: local::above }
    VersionRange { format: "version-range", noun: "version range", about: "Versions of pullwright: comparisons separated by commas.", examples: [">=0.2", ">=0.2, <2"], pattern: None, check: version::range }
    RegistryHost { format: "registry-host", noun: "login server", about: "Host that images are pulled from, with its port if it has one, without scheme or path.", examples: ["youruniquename.azurecr.io"], pattern: None, check: audit::registry_host }
    PathGlob { format: "path-glob", noun: "glob", about: "Files, relative to the directory of this file: `*`, `?`, `[a-z]` and `{a,b}` match within a name, `**` any directories. A directory means all files below it; a glob without `/` matches at any depth.", examples: ["vendor/**"], pattern: None, check: audit::path_glob }
    ObjectPattern { format: "object-pattern", noun: "object", about: "An object as `Kind/name`; `*` stands for any text.", examples: ["Deployment/web", "*/legacy-*"], pattern: None, check: audit::object_pattern }
    Reason { format: "reason", noun: "reason", about: "Why this is right, on one line.", examples: ["pulled by the node pool of team web, see the runbook"], pattern: None, check: audit::reason }
    FilePath { format: "local-file", noun: "file", about: "A file, relative to this file, or absolute.", examples: ["config.json"], pattern: None, check: local::file }
}

/// The rule behind a schema format.
pub fn rule(format: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.format == format)
}

/// Reports which character is wrong, or that the length is.
fn charset(
    text: &str,
    lengths: std::ops::RangeInclusive<usize>,
    allowed: fn(char) -> bool,
    words: &str,
) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::new("it is empty"));
    }
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        let why = if bad.is_uppercase() && allowed(bad.to_lowercase().next().unwrap_or(bad)) {
            "upper case is not allowed".to_owned()
        } else {
            format!("{} is not allowed, only {words}", show(bad))
        };
        return Err(Fault::new(why));
    }
    let count = text.chars().count();
    if !lengths.contains(&count) {
        let (min, max) = lengths.into_inner();
        let characters = if count == 1 {
            "character"
        } else {
            "characters"
        };
        return Err(Fault::new(format!(
            "it has {count} {characters}, not {min} to {max}"
        )));
    }
    Ok(())
}

/// A character as a message may show it.
fn show(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        c if c.is_control() || !c.is_ascii() => format!("`{}`", c.escape_unicode()),
        c => format!("`{c}`"),
    }
}

/// `SampleAccount` to `sample-account`: lower case, dashes between words and for what is not
/// allowed, and neither first nor last nor twice.
fn kebab(text: &str, keep: fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut lower_before = false;
    for c in text.chars() {
        if c.is_uppercase() && lower_before {
            out.push('-');
        }
        lower_before = c.is_lowercase() || c.is_ascii_digit();
        let c = c.to_lowercase().next().unwrap_or(c);
        let c = if c.is_ascii_alphanumeric() || keep(c) {
            c
        } else {
            '-'
        };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests;
