//! The trials: what is laid out, step by step, and what must come of it.

use pullwright::cli::Exit::{self, Differs, Failed, Ok};

use crate::git_layouts::Secret::{self, Refused, Unanswered, Written};

/// A trial: its steps (see `Ground::step`), and the verdicts of `check --tracked` and of `render`.
pub(super) struct Trial {
    pub(super) name: &'static str,
    pub(super) steps: &'static [&'static str],
    pub(super) check: Exit,
    pub(super) secret: Secret,
}

macro_rules! trials {
    ($($name:literal $(: $($step:literal),+)? => $check:ident $secret:ident;)+) => {
        pub(super) const ALL: &[Trial] = &[$(Trial {
            name: $name,
            steps: &[$($($step),+)?],
            check: $check,
            secret: $secret,
        },)+];
    };
}

trials! {
    "nothing" => Ok Refused;
    "no repository": "remove .git" => Failed Written;

    // What git takes for a repository.
    "bare layout in the output": "bare app/k8s" => Ok Refused;
    "bare layout below the output": "bare app/k8s/sample" => Ok Refused;
    "bare layout around the Secret": "bare app/k8s/sample/default" => Ok Refused;
    "bare layout beside the config": "bare app" => Ok Refused;
    "bare layout at the top": "bare ." => Ok Refused;
    "bare layouts everywhere": "bare app/k8s", "bare app", "bare ." => Ok Refused;
    "bare layout and no repository": "remove .git", "bare app", "bare app/k8s" => Failed Written;
    ".git folder that is hostile": "bare app/k8s/.git" => Differs Refused;
    ".git folder beside the config that is hostile":
        "bare app/.git", "write app/.git/info/exclude secret.yaml" => Differs Refused;
    ".git link to a hostile folder": "bare evil", "link ../../evil app/k8s/.git" => Differs Refused;
    ".git file to a hostile folder":
        "bare evil", "write app/k8s/.git gitdir: ../../evil" => Differs Refused;
    ".git file beside the config to a hostile folder":
        "bare evil", "write app/.git gitdir: ../evil" => Differs Refused;

    // What is no repository, or one in another place.
    ".git file that leads nowhere": "write app/k8s/.git gitdir: /nowhere" => Failed Unanswered;
    ".git file without a folder": "write app/k8s/.git x" => Failed Unanswered;
    ".git file to a folder that is none": "write app/k8s/.git gitdir: ../.." => Failed Unanswered;
    ".git folder that is empty": "folder app/k8s/.git" => Failed Unanswered;
    ".git folder with a HEAD alone":
        "write app/k8s/.git/HEAD ref: refs/heads/main" => Failed Unanswered;
    ".git link that leads nowhere": "link nowhere app/k8s/.git" => Failed Unanswered;
    ".git link to itself": "link .git app/k8s/.git" => Failed Unanswered;
    ".git that is a socket": "socket app/k8s/.git" => Failed Unanswered;
    ".git link to the repository": "move .git real", "link real .git" => Ok Refused;
    ".git file to the repository": "move .git real", "write .git gitdir: real" => Ok Refused;

    // Repositories in repositories. The outer one tracks files in the inner one, or does not.
    "nested repository that ignores all":
        "in app/k8s init -q", "write app/k8s/.git/info/exclude *" => Differs Refused;
    "nested repository around the Secret":
        "in app/k8s/sample init -q", "write app/k8s/sample/.git/info/exclude *" => Differs Refused;
    "nested repository of its own":
        "in . rm -rq --cached app/k8s", "in app/k8s init -q",
        "write app/k8s/.git/info/exclude secret.yaml", "in app/k8s add ." => Ok Written;
    "nested repository that tracks the Secret":
        "in . rm -rq --cached app/k8s", "in app/k8s init -q", "in app/k8s add -f ." => Ok Refused;
    "submodule": "submodule" => Ok Refused;
    "submodule that is not initialised": "submodule", "remove app/.git" => Failed Unanswered;
    "linked work tree":
        "in . worktree add -q --detach app/k8s/tree", "move app/k8s/tree/.git app/.git",
        "in app add k8s/kustomization.yaml" => Differs Refused;

    // A repository's own config and hooks.
    "core.fsmonitor": "set core.fsmonitor %" => Ok Refused;
    "core.fsmonitor, second version":
        "set core.fsmonitor %", "set core.fsmonitorHookVersion 2" => Ok Refused;
    "core.fsmonitor by the daemon": "set core.fsmonitor true" => Ok Refused;
    "core.hooksPath":
        "program hooks/post-index-change", "program hooks/fsmonitor-watchman",
        "program hooks/reference-transaction", "program hooks/pre-auto-gc",
        "set core.hooksPath hooks" => Ok Refused;
    "hooks of the repository":
        "program .git/hooks/post-index-change", "program .git/hooks/reference-transaction"
        => Ok Refused;
    "filters":
        "write .gitattributes * filter=x ident text=auto working-tree-encoding=UTF-16",
        "set filter.x.clean %", "set filter.x.smudge %", "set filter.x.process %",
        "set filter.x.required true" => Ok Refused;
    "merge drivers": "write .gitattributes * merge=x", "set merge.x.driver %" => Ok Refused;
    "textconv and external diff":
        "write .gitattributes * diff=x", "set diff.x.textconv %", "set diff.x.command %",
        "set diff.external %", "set interactive.diffFilter %" => Ok Refused;
    "attributes of the repository":
        "write patterns * filter=x", "set core.attributesFile @/patterns", "set filter.x.clean %"
        => Ok Refused;
    "pagers":
        "set core.pager %", "set pager.ls-files %", "set pager.check-ignore %",
        "set pager.rev-parse %" => Ok Refused;
    "aliases":
        "set alias.ls-files !%", "set alias.check-ignore !%", "set alias.rev-parse !%"
        => Ok Refused;
    "editors and programs that ask":
        "set core.editor %", "set sequence.editor %", "set core.askPass %",
        "set credential.helper %" => Ok Refused;
    "transports":
        "set core.sshCommand %", "set core.gitProxy %", "set core.alternateRefsCommand %",
        "set uploadpack.packObjectsHook %", "set remote.origin.uploadpack %" => Ok Refused;
    "signatures": "set gpg.program %", "set gpg.ssh.defaultKeyCommand %" => Ok Refused;
    "maintenance":
        "set gc.auto 1", "set maintenance.auto true", "set gc.recentObjectsHook %" => Ok Refused;
    "include.path":
        "write evil [core] fsmonitor = \"%\"", "set include.path ../evil" => Ok Refused;
    "includeIf":
        "write evil [core] fsmonitor = \"%\"", "set includeIf.gitdir:**.path ../evil"
        => Ok Refused;
    "config of the work tree":
        "set extensions.worktreeConfig true",
        "write .git/config.worktree [core] fsmonitor = \"%\"" => Ok Refused;
    "config that is a link":
        "move .git/config evil", "link ../evil .git/config", "set core.fsmonitor %" => Ok Refused;
    "core.worktree elsewhere": "set core.worktree /" => Ok Refused;
    "core.bare": "set core.bare true" => Ok Refused;
    "trace2 targets":
        "set trace2.eventTarget @/canary", "set trace2.normalTarget @/canary" => Ok Refused;
    "submodules that update by a command":
        "set submodule.x.update !%", "set submodule.x.path app", "set submodule.recurse true"
        => Ok Refused;
    "a missing object that a command would fetch": "promisor" => Ok Refused;

    // Patterns and the index.
    "info/exclude": "write .git/info/exclude secret.yaml" => Ok Written;
    "core.excludesFile":
        "write patterns secret.yaml", "set core.excludesFile @/patterns" => Ok Written;
    ".gitignore": "write app/.gitignore secret.yaml" => Ok Written;
    ".gitignore that is a link":
        "write patterns secret.yaml", "link ../patterns app/.gitignore" => Ok Refused;
    ".gitignore with an exception":
        "write app/.gitignore secret.yaml", "write app/k8s/sample/.gitignore !secret.yaml"
        => Ok Refused;
    ".gitignore, and the Secret is tracked":
        "write app/.gitignore secret.yaml", "in . add -f app/k8s" => Ok Refused;
    "a broken index": "write .git/index x" => Failed Unanswered;
    "a broken config": "write .git/config [" => Failed Unanswered;
    "an unknown format": "set core.repositoryFormatVersion 99" => Failed Unanswered;
    "a split index": "in . update-index --split-index" => Ok Refused;
    "an untracked cache": "in . update-index --untracked-cache" => Ok Refused;
    "no index": "remove .git/index" => Differs Refused;
    "SHA-256":
        "remove .git", "in . init -q --object-format=sha256",
        "in . add app/k8s :(exclude)*secret.yaml" => Ok Refused;

    // The environment: another repository.
    "GIT_DIR": "bare evil", "variable GIT_DIR=evil" => Ok Refused;
    "GIT_DIR and GIT_WORK_TREE":
        "bare evil", "variable GIT_DIR=@/evil", "variable GIT_WORK_TREE=@" => Differs Refused;
    "GIT_DIR and GIT_WORK_TREE elsewhere":
        "bare evil", "folder x", "variable GIT_DIR=@/evil", "variable GIT_WORK_TREE=@/x"
        => Ok Refused;
    "GIT_DIR and GIT_WORK_TREE of dotfiles":
        "move .git dots", "variable GIT_DIR=@/dots", "variable GIT_WORK_TREE=@" => Ok Refused;
    "GIT_DIR and GIT_WORK_TREE of dotfiles, relative":
        "move .git dots", "variable GIT_DIR=dots", "variable GIT_WORK_TREE=app/.." => Ok Refused;
    "GIT_DIR of dotfiles": "move .git dots", "variable GIT_DIR=@/dots" => Ok Refused;
    "GIT_DIR of dotfiles with core.worktree":
        "set core.worktree @", "move .git dots", "variable GIT_DIR=@/dots" => Ok Refused;
    "GIT_DIR of dotfiles that are bare":
        "set core.bare true", "move .git dots", "variable GIT_DIR=@/dots" => Failed Unanswered;
    "GIT_DIR that leads nowhere": "variable GIT_DIR=/nowhere" => Failed Unanswered;
    "GIT_DIR that is empty": "variable GIT_DIR=" => Failed Unanswered;
    "GIT_DIR of the repository itself":
        "variable GIT_DIR=.git", "variable GIT_INDEX_FILE=.git/index" => Ok Refused;
    "GIT_WORK_TREE elsewhere": "folder x", "variable GIT_WORK_TREE=@/x" => Ok Refused;
    "GIT_WORK_TREE that leads nowhere": "variable GIT_WORK_TREE=/nowhere" => Failed Unanswered;
    "GIT_INDEX_FILE elsewhere": "variable GIT_INDEX_FILE=/nowhere/index" => Ok Refused;
    "GIT_INDEX_FILE that is not there": "variable GIT_INDEX_FILE=@/.git/no" => Differs Refused;
    "GIT_CEILING_DIRECTORIES": "variable GIT_CEILING_DIRECTORIES=@/app" => Ok Refused;
    "GIT_COMMON_DIR and others":
        "variable GIT_COMMON_DIR=/nowhere", "variable GIT_OBJECT_DIRECTORY=/nowhere",
        "variable GIT_NAMESPACE=x", "variable GIT_PREFIX=x/", "variable GIT_DEFAULT_HASH=sha256",
        "variable GIT_ICASE_PATHSPECS=1", "variable GIT_GLOB_PATHSPECS=1" => Ok Refused;

    // The environment: programs and files.
    "GIT_CONFIG_COUNT":
        "program run", "variable GIT_CONFIG_COUNT=1", "variable GIT_CONFIG_KEY_0=core.fsmonitor",
        "variable GIT_CONFIG_VALUE_0=@/run" => Ok Refused;
    "GIT_CONFIG_PARAMETERS":
        "program run", "variable GIT_CONFIG_PARAMETERS='core.fsmonitor'='@/run'" => Ok Refused;
    "GIT_EXTERNAL_DIFF": "program run", "variable GIT_EXTERNAL_DIFF=@/run" => Ok Refused;
    "GIT_SSH_COMMAND":
        "promisor", "program run", "variable GIT_SSH_COMMAND=@/run", "variable GIT_SSH=@/run",
        "variable GIT_PROXY_COMMAND=@/run", "variable GIT_ALLOW_PROTOCOL=ext:file:ssh",
        "variable GIT_NO_LAZY_FETCH=0" => Ok Refused;
    "GIT_PAGER":
        "program run", "variable GIT_PAGER=@/run", "variable PAGER=@/run",
        "variable GIT_PAGER_IN_USE=1" => Ok Refused;
    "GIT_EDITOR and GIT_ASKPASS":
        "program run", "variable GIT_EDITOR=@/run", "variable GIT_SEQUENCE_EDITOR=@/run",
        "variable GIT_ASKPASS=@/run", "variable SSH_ASKPASS=@/run" => Ok Refused;
    "GIT_TRACE":
        "variable GIT_TRACE=@/canary", "variable GIT_TRACE_SETUP=@/canary",
        "variable GIT_TRACE_PERFORMANCE=@/canary" => Ok Refused;
    "GIT_TRACE2":
        "variable GIT_TRACE2=@/canary", "variable GIT_TRACE2_EVENT=@/canary" => Ok Refused;
    "GIT_EXEC_PATH":
        "program run/git", "program run/git-ls-files", "program run/git-check-ignore",
        "program run/git-rev-parse", "variable GIT_EXEC_PATH=@/run" => Ok Refused;

    // The user's own settings count.
    "patterns of the user":
        "write home/.gitconfig [core] excludesFile = ~/patterns", "write home/patterns secret.yaml",
        "variable HOME=@/home" => Ok Written;
    "patterns of the user, by XDG_CONFIG_HOME":
        "write home/git/ignore secret.yaml", "variable XDG_CONFIG_HOME=@/home" => Ok Written;
    "patterns of the user, by GIT_CONFIG_GLOBAL":
        "write mine [core] excludesFile = @/patterns", "write patterns secret.yaml",
        "variable GIT_CONFIG_GLOBAL=@/mine" => Ok Written;
    "a monitor of the user":
        "write mine [core] fsmonitor = \"%\"", "variable GIT_CONFIG_GLOBAL=@/mine" => Ok Refused;
    "a repository of somebody else": "stranger" => Failed Unanswered;
    "a repository of somebody else whom the user trusts":
        "stranger", "write home/.gitconfig [safe] directory = *", "variable HOME=@/home"
        => Ok Refused;
    "a repository of somebody else who trusts himself":
        "stranger", "set safe.directory *" => Failed Unanswered;

    // Which git.
    "git in relative folders of PATH":
        "program git", "program app/git", "variable PATH=.:app:" => Failed Unanswered;
    "no PATH": "program git", "variable PATH=" => Failed Unanswered;
    "git that is no program":
        "write bin/git #!/bin/sh", "variable PATH=@/bin" => Failed Unanswered;
    "git that is a folder": "folder bin/git", "variable PATH=@/bin" => Failed Unanswered;
}
