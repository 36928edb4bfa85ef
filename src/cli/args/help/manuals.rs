//! The examples and exit codes of all commands.

use crate::cli::Exit;
use crate::cli::args::help::Manual;
use crate::cli::args::help::exits::{FAILED, SUCCESS, SUCCESS_OF_CONFIG};
use crate::cli::args::help::files::{
    ALL_FILES, AUDIT_FILES, CONFIG_FILES, NEW_FILES, TEMPLATE_FILES,
};

/// The manuals of all commands, in their order.
pub const MANUALS: &[Manual] = &[
    Manual {
        command: "",
        files: ALL_FILES,
        examples: &[
            (
                "pullwright init --from manifests",
                "Write a config that serves existing manifests",
            ),
            ("pullwright render", "Write the files of `pullwright.yaml`"),
            (
                "pullwright check .",
                "Check the files of all configs below this directory",
            ),
            (
                "pullwright audit .",
                "Check that every pod can pull every image",
            ),
            ("pullwright help render", "Print the help of a command"),
        ],
        exits: &[
            (Exit::Ok, "success"),
            (
                Exit::Differs,
                "drift, changes or findings; each command lists its own",
            ),
            FAILED,
        ],
    },
    Manual {
        command: "init",
        files: NEW_FILES,
        examples: &[
            (
                "pullwright init --registry youruniquename --image sample-container:0.0.1 --cluster prod --resource-group rg-prod",
                "Write a config for a new Deployment on an AKS cluster",
            ),
            (
                "pullwright init --from manifests --cluster edge",
                "Write a config that serves existing manifests and leaves them as they are",
            ),
            (
                "helm template chart | pullwright init --from -",
                "Do the same for the output of another program",
            ),
        ],
        exits: &[
            (Exit::Ok, "success"),
            (
                Exit::Failed,
                "invalid usage, nothing to serve, the file exists, aborted, or I/O error",
            ),
        ],
    },
    Manual {
        command: "validate",
        files: CONFIG_FILES,
        examples: &[
            ("pullwright validate", "Validate `pullwright.yaml`"),
            (
                "pullwright validate . --quiet --deny-warnings",
                "Print mistakes only, and fail on warnings",
            ),
            (
                "pullwright validate . --format github",
                "Validate all configs below this directory, with annotations for GitHub Actions",
            ),
        ],
        exits: &[
            (Exit::Ok, "all configs are valid"),
            (Exit::Differs, "with --deny-warnings: there are warnings"),
            FAILED,
        ],
    },
    Manual {
        command: "render",
        files: CONFIG_FILES,
        examples: &[
            ("pullwright render", "Write the files of `pullwright.yaml`"),
            (
                "pullwright render . --prune",
                "Write the files of all configs below this directory, and remove those that are no longer generated",
            ),
            (
                "pullwright render --stdout | kubectl apply --filename -",
                "Apply the manifests without writing files",
            ),
        ],
        exits: &[
            (Exit::Ok, "success"),
            (
                Exit::Differs,
                "with --exit-code: files changed, or would change; with --deny-warnings: there are warnings",
            ),
            FAILED,
        ],
    },
    Manual {
        command: "diff",
        files: CONFIG_FILES,
        examples: &[
            (
                "pullwright diff",
                "Show what `pullwright render` would change",
            ),
            (
                "pullwright diff . --prune",
                "Show the same for all configs below this directory, with the files that would be removed",
            ),
            (
                "pullwright diff . --stat",
                "Show which files would change, and by how many lines",
            ),
        ],
        exits: &[
            (Exit::Ok, "no file would change"),
            (
                Exit::Differs,
                "files would change; with --deny-warnings: there are warnings",
            ),
            FAILED,
        ],
    },
    Manual {
        command: "check",
        files: CONFIG_FILES,
        examples: &[
            ("pullwright check", "Check the files of `pullwright.yaml`"),
            (
                "pullwright check . --tracked --format github",
                "Check a repository in GitHub Actions, and that git tracks all files",
            ),
        ],
        exits: &[
            (Exit::Ok, "all files are up to date"),
            (
                Exit::Differs,
                "files differ, or are not tracked by git; with --deny-warnings: there are warnings",
            ),
            FAILED,
        ],
    },
    Manual {
        command: "script",
        files: CONFIG_FILES,
        examples: &[
            (
                "pullwright script sample > pull-secret.sh",
                "Write the script of an entry to a file, to be run elsewhere",
            ),
            (
                "pullwright script sample --cluster prod --kind pull-secret",
                "Print one of several scripts of an entry",
            ),
        ],
        exits: SUCCESS_OF_CONFIG,
    },
    Manual {
        command: "audit",
        files: AUDIT_FILES,
        examples: &[
            (
                "pullwright audit .",
                "Audit all manifests below this directory",
            ),
            (
                "kubectl get pods,serviceaccounts,secrets --all-namespaces --output yaml | pullwright audit -",
                "Audit the objects of a cluster",
            ),
            (
                "pullwright audit . --fix --diff",
                "Show what would be repaired",
            ),
        ],
        exits: &[
            (Exit::Ok, "no error"),
            (
                Exit::Differs,
                "errors; with --deny-warnings also warnings; with --strict also undecided images; with --diff also fixes",
            ),
            (Exit::Failed, "invalid usage or policy, or I/O error"),
        ],
    },
    Manual {
        command: "fn",
        files: CONFIG_FILES,
        examples: &[
            (
                "kustomize build overlay | pullwright fn pullwright.yaml",
                "Add pull access to the objects of a stream",
            ),
            (
                "pullwright fn --install-plugin",
                "Install pullwright as a plugin of kustomize",
            ),
        ],
        exits: &[
            (Exit::Ok, "success"),
            (Exit::Differs, "invalid config or objects"),
            (Exit::Failed, "invalid usage, or I/O error"),
        ],
    },
    Manual {
        command: "explain",
        files: AUDIT_FILES,
        examples: &[
            (
                "pullwright explain Deployment/web manifests",
                "Show how the pods of a Deployment pull each image",
            ),
            (
                "pullwright explain rule no-credential",
                "Explain the code of a message",
            ),
        ],
        exits: &[
            (Exit::Ok, "every image can be pulled"),
            (Exit::Differs, "an image cannot be pulled"),
            (Exit::Failed, "invalid usage, no such object, or I/O error"),
        ],
    },
    Manual {
        command: "explain rule",
        files: &[],
        examples: &[
            ("pullwright explain rule", "List all codes"),
            (
                "pullwright explain rule no-credential",
                "Explain one code, with an example",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "why",
        files: AUDIT_FILES,
        examples: &[
            (
                "kubectl describe pod web | pullwright why",
                "Explain why a pod cannot pull",
            ),
            (
                "pullwright why describe-pod.txt manifests",
                "Do the same for a file, and compare it with the manifests",
            ),
        ],
        exits: &[
            (Exit::Ok, "a cause was recognized"),
            (Exit::Differs, "no cause was recognized"),
            (Exit::Failed, "invalid usage, or I/O error"),
        ],
    },
    Manual {
        command: "schema",
        files: &[],
        examples: &[
            (
                "pullwright schema > pullwright.schema.json",
                "Write the schema of the config, for editors",
            ),
            (
                "pullwright schema --kind audit",
                "Print the schema of the policy of `audit`",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "templates",
        files: TEMPLATE_FILES,
        examples: &[
            ("pullwright templates list", "List the built-in templates"),
            (
                "pullwright templates show workload/pod.yaml.j2",
                "Show the variables of a template",
            ),
            (
                "pullwright templates eject workload/pod.yaml.j2",
                "Copy a template to `templates`",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "templates list",
        files: &[],
        examples: &[("pullwright templates list", "List the built-in templates")],
        exits: SUCCESS,
    },
    Manual {
        command: "templates show",
        files: &[],
        examples: &[
            (
                "pullwright templates show workload/pod.yaml.j2",
                "Show the variables of a template",
            ),
            (
                "pullwright templates show workload/pod.yaml.j2 --format json",
                "Print them as JSON",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "templates diff",
        files: TEMPLATE_FILES,
        examples: &[
            (
                "pullwright templates diff",
                "Compare all templates in `templates` with the built-in ones",
            ),
            (
                "pullwright templates diff workload/pod.yaml.j2 --from deploy/templates",
                "Compare one template of another directory",
            ),
        ],
        exits: &[
            (Exit::Ok, "the templates are the built-in ones"),
            (Exit::Differs, "a template differs from the built-in one"),
            (Exit::Failed, "invalid usage, or I/O error"),
        ],
    },
    Manual {
        command: "templates eject",
        files: TEMPLATE_FILES,
        examples: &[
            (
                "pullwright templates eject workload/pod.yaml.j2",
                "Copy a template to `templates`",
            ),
            (
                "pullwright templates eject workload/pod.yaml.j2 --to -",
                "Print a template",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "completions",
        files: &[],
        examples: &[
            (
                "pullwright completions bash > ~/.local/share/bash-completion/completions/pullwright",
                "Install the completions of bash, for new shells (with the package bash-completion)",
            ),
            (
                "pullwright completions zsh > \"${fpath[1]}/_pullwright\"",
                "Install those of zsh (`compinit` must be on)",
            ),
            (
                "pullwright completions fish > ~/.config/fish/completions/pullwright.fish",
                "Install those of fish",
            ),
            (
                "pullwright completions powershell | Out-String | Invoke-Expression",
                "Load those of PowerShell; in your $PROFILE for new shells",
            ),
            (
                "pullwright completions elvish > ~/.config/elvish/lib/pullwright.elv",
                "Install those of elvish; then `use pullwright` in rc.elv",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "man",
        files: &[],
        examples: &[
            (
                "pullwright man render | man --local-file -",
                "Show the manual page of a command",
            ),
            (
                "pullwright man > pullwright.1",
                "Write the manual page of pullwright",
            ),
        ],
        exits: SUCCESS,
    },
    Manual {
        command: "version",
        files: &[],
        examples: &[("pullwright version", "Print the version")],
        exits: SUCCESS,
    },
];
