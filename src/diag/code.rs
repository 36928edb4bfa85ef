//! The permanent names of all mistakes. Renaming one is a breaking change.

use crate::diag::Severity;

/// Declares the codes once: variant, id, severity and the sentence for the docs.
macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $about:literal,)+) => {
        /// What kind of mistake a message is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $about] $variant,)+
        }

        impl Code {
            /// All codes, in the order of their declaration.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// The kebab-case id that users see and may rely on.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)+ }
            }

            /// The severity of its messages, unless a context sets another one.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }

            /// One sentence for the documentation.
            pub fn about(self) -> &'static str {
                match self { $(Code::$variant => $about,)+ }
            }

            /// The file of its page: a code without one does not compile.
            pub(super) fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("rules/", $id, ".md")),)+ }
            }

            /// The code of this id.
            pub fn of(id: &str) -> Option<Self> {
                match id { $($id => Some(Code::$variant),)+ _ => None }
            }
        }
    };
}

codes! {
    Unreadable "unreadable" Error "A file or directory cannot be read.",
    NoConfig "no-config" Error "A directory or a pattern contains no config.",
    NotUtf8 "not-utf8" Error "A text is not UTF-8.",
    TooLarge "too-large" Error "A text is larger than pullwright reads.",
    Syntax "syntax" Error "A text is not YAML.",
    TooDeep "too-deep" Error "A text nests deeper, or its aliases grow larger, than pullwright follows.",
    DuplicateKey "duplicate-key" Error "A mapping has a duplicate key.",
    Empty "empty" Error "The config is empty.",
    SeveralDocuments "several-documents" Error "The config contains more than one document.",
    VersionRequired "version-required" Error "The config requires another version of pullwright.",
    WrongType "wrong-type" Error "A value is of another type than its key takes.",
    UnknownKey "unknown-key" Error "A mapping has an unknown key.",
    GeneratedField "generated-field" Error "A config sets a field of Kubernetes that pullwright generates.",
    MissingKey "missing-key" Error "A required key is missing.",
    UnknownValue "unknown-value" Error "A value is not one of the valid choices.",
    OutOfRange "out-of-range" Error "A number or a list is too small or too large.",
    InvalidName "invalid-name" Error "A name violates the naming rule of its kind.",
    TooManyFiles "too-many-files" Error "A config generates more files than `--max-files` allows.",
    Duplicate "duplicate" Error "Two elements that must be unique are the same.",
    IncludeInvalid "include-invalid" Error "A file that a config includes cannot be read, or includes itself.",
    UndeclaredRegistry "undeclared-registry" Error "An entry refers to a registry that is not declared.",
    UndeclaredCluster "undeclared-cluster" Error "An entry refers to a cluster that is not declared.",
    ClusterNeeded "cluster-needed" Error "A script is generated, but no cluster is declared or selected for it.",
    LoginServer "login-server" Error "A login server does not belong to its registry or cloud.",
    ImageHost "image-host" Error "An image comes from a host that is not a registry of its access entry.",
    ImageRepository "image-repository" Error "The credential of an access entry may not pull the repository of an image.",
    ImageTag "image-tag" Warning "An image has no tag, or the tag `latest`.",
    AttachGeneric "attach-generic" Error "Only an AKS cluster can have a registry attached.",
    AttachAbac "attach-abac" Error "`attachAcr` assigns a role that an ABAC registry does not honor.",
    AttachRepositories "attach-repositories" Error "Only an ABAC registry can limit a role to repositories.",
    AttachConflict "attach-conflict" Error "Two access entries or configs give one cluster different roles on one registry.",
    SecretConflict "secret-conflict" Error "One Secret is defined differently by two access entries or configs, or written by different scripts.",
    ObjectConflict "object-conflict" Error "One Kubernetes object is generated twice.",
    TokenShared "token-shared" Error "Two scripts rotate the same token, or own the same scope map.",
    OwnerShared "owner-shared" Error "The scripts of two configs record the same owner on what they create.",
    CredentialDelivery "credential-delivery" Error "The credentials of a Secret do not fit its registries.",
    MissingEnvironment "missing-environment" Error "An environment variable that holds a credential is not set.",
    DockerConfig "docker-config" Error "A docker config contains no credential that the kubelet can use.",
    PlaintextTracked "plaintext-tracked" Error "A Secret in clear text would be written where git tracks it.",
    TemplateUnreadable "template-unreadable" Error "A template or the template directory cannot be read.",
    TemplateSyntax "template-syntax" Error "A template is not valid Jinja.",
    TemplateFailed "template-failed" Error "A template cannot be rendered.",
    TemplateUnsafe "template-unsafe" Error "A template prints a value where it cannot be quoted safely.",
    TemplateUnused "template-unused" Warning "A file in the template directory is not a template that pullwright uses.",
    TemplateOutdated "template-outdated" Warning "A built-in template has changed since it was copied.",
    OutputInvalid "output-invalid" Error "A template rendered output that Kubernetes or bash would refuse.",
    OutputPath "output-path" Error "An output path is outside its directory, or two outputs share one.",
    OutputOwner "output-owner" Error "An output directory belongs to another config.",
    UnknownKind "unknown-kind" Warning "An object of an unknown kind refers to images of a registry.",
    AccountElsewhere "account-elsewhere" Warning "A pod runs as a ServiceAccount that is not in the input, so its pull secrets are unknown.",
    NamespaceUncovered "namespace-uncovered" Warning "A pod pulls from a declared registry, but no access entry covers its namespace.",
    RegistryUncovered "registry-uncovered" Warning "A pod pulls from an Azure registry that is not declared in the config.",
    EntryAmbiguous "entry-ambiguous" Warning "More than one access entry applies to a pod.",
    ObjectShape "object-shape" Warning "A value of an object has a shape that is not valid for its kind.",
    ImageReference "image-reference" Warning "An image reference is not valid in any registry.",
    PullSecretPlace "pull-secret-place" Warning "An object has no field for another pull secret.",
    ControllerIdentity "controller-identity" Warning "Images are pulled by a controller, which does not use the attached identity.",
    DocumentForm "document-form" Warning "A document could not be edited in place.",
    NoCredential "no-credential" Error "A pod pulls from a protected registry without a credential.",
    WrongNamespace "wrong-namespace" Error "A pod references a pull secret of another namespace.",
    WrongServer "wrong-server" Error "A pull secret has no entry for the registry of the image.",
    UnusableSecret "unusable-secret" Error "The kubelet cannot use the pull secret of a pod.",
    AccountMissing "account-missing" Error "A pod runs as a ServiceAccount that nothing in the input creates.",
    AccountHidden "account-hidden" Error "The pull secrets of a pod hide those of its ServiceAccount.",
    WrongShape "wrong-shape" Error "Pull secrets are in a shape or at a place that Kubernetes does not read.",
    SecretElsewhere "secret-elsewhere" Info "A pull secret is created elsewhere, so it cannot be checked.",
    AttachClaimed "attach-claimed" Info "A script seems to grant the nodes access to the registry.",
    Placeholder "placeholder" Info "An image or a pull secret contains a placeholder.",
    NotChecked "not-checked" Warning "Something that may pull from a protected registry was not checked.",
    PlaintextCredential "plaintext-credential" Warning "A Secret in a file contains a credential in clear text.",
    AdminUser "admin-user" Warning "A pull secret contains the admin user of a registry.",
    ShortLivedToken "short-lived-token" Warning "A pull secret contains a token that is valid for three hours.",
    RefreshInterval "refresh-interval" Warning "A token is renewed less often than it expires.",
    RegistryHost "registry-host" Warning "An image has a host that is not a login server.",
    RoleMode "role-mode" Warning "A role is assigned that an ABAC registry does not honor.",
    CachedImage "cached-image" Warning "A pod without a credential depends on what another pod has pulled.",
    UnusedSecret "unused-secret" Info "Nothing in the input references a pull secret.",
    IgnoreReason "ignore-reason" Warning "An ignore has no reason, so it does not count.",
    IgnoreUnused "ignore-unused" Warning "An ignore matches no finding.",
    PlaintextOutput "plaintext-output" Error "A function would output a Secret in clear text.",
    CiCommand "ci-command" Error "The output contains a line that a CI service would run as a command.",
    Untracked "untracked" Error "An output is not tracked by git, so a commit would leave it out.",
    GitUnanswered "git-unanswered" Error "Cannot determine which files git tracks.",
    ConfigLink "config-link" Warning "A config is a symbolic link, and links are not followed below a directory.",
    ConfigName "config-name" Warning "A file is called almost as a config, so a directory run does not read it.",
    ConfigUnasked "config-unasked" Warning "Cannot determine which configs git tracks.",
    GitLineEnds "git-line-ends" Warning "The `.gitattributes` of an output directory lets git change line ends.",
    FileMissing "file-missing" Error "An output file does not exist.",
    FileOutdated "file-outdated" Error "An output file is as pullwright wrote it, but not what its config generates now.",
    FilePermissions "file-permissions" Error "An output file has the wrong permissions.",
    FileLineEnds "file-line-ends" Error "An output file is up to date, but has CRLF line ends.",
    FileStale "file-stale" Error "An output file is no longer generated by its config.",
    FileStaleEdited "file-stale-edited" Error "An output file is no longer generated by its config, and was edited by hand.",
    ScriptKept "script-kept" Warning "A script that its config no longer generates is kept, because only it can undo what it did.",
    HandEdited "hand-edited" Error "An output file was edited by hand and would be overwritten.",
    OutputOrphaned "output-orphaned" Error "Output files belong to no config of the run.",
    MergeConflict "merge-conflict" Error "A lock or an output file contains a merge conflict.",
    LockOutdated "lock-outdated" Error "`pullwright.lock` is missing, or does not record the output files as they are.",
    LockInvalid "lock-invalid" Error "`pullwright.lock` is not valid.",
    WriteFailed "write-failed" Error "A file cannot be written.",
    Usage "usage" Error "The arguments of the command are not valid together.",
}

#[cfg(test)]
mod tests {
    use crate::diag::Code;

    #[test]
    fn ids_are_unique_kebab_case() {
        let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        let kebab = |id: &&str| {
            id.chars()
                .all(|c| c.is_ascii_lowercase() || c == '-' || c == '8')
        };
        assert!(ids.iter().all(kebab), "{ids:?}");
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
