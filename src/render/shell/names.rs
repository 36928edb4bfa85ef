//! Names that mean more to bash, or to what bash starts, than a name.

/// Builtins that take arguments for code, names, options of the shell or arithmetic.
const EVALUATORS: &[&str] = &[
    ".",
    "alias",
    "bind",
    "builtin",
    "command",
    "compgen",
    "complete",
    "compopt",
    "coproc",
    "enable",
    "eval",
    "exec",
    "fc",
    "getopts",
    "hash",
    "history",
    "jobs",
    "let",
    "mapfile",
    "read",
    "readarray",
    "set",
    "shopt",
    "source",
    "trap",
    "unalias",
    "unset",
    "wait",
];

/// Programs whose arguments are programs, after any other command as well (`kubectl exec pod -- sh`).
const INTERPRETERS: &[&str] = &[
    "ash", "awk", "bash", "busybox", "csh", "dash", "eval", "fish", "gawk", "ksh", "mawk", "mksh",
    "nawk", "node", "perl", "php", "pwsh", "python", "python2", "python3", "rbash", "ruby", "sed",
    "sh", "ssh", "sudo", "tcsh", "xargs", "gxargs", "gsed", "lua", "luajit", "zsh",
];

/// Programs that run their arguments, or take them for code. Their names are ordinary words elsewhere.
const RUNNERS: &[&str] = &[
    "at",
    "batch",
    "bc",
    "chroot",
    "crontab",
    "dc",
    "doas",
    "ed",
    "emacs",
    "entr",
    "env",
    "ex",
    "expect",
    "find",
    "flock",
    "gdb",
    "ionice",
    "lua",
    "m4",
    "make",
    "nice",
    "nohup",
    "nsenter",
    "osascript",
    "parallel",
    "powershell",
    "runuser",
    "script",
    "setsid",
    "split",
    "stdbuf",
    "strace",
    "su",
    "tclsh",
    "time",
    "timeout",
    "tmux",
    "unshare",
    "vi",
    "vim",
    "watch",
    "yq",
];

/// Variables that bash or the loader of programs acts upon.
const VARIABLES: &[&str] = &[
    "CDPATH",
    "BROWSER",
    "COLUMNS",
    "DIRSTACK",
    "EDITOR",
    "ENV",
    "EUID",
    "EXECIGNORE",
    "FCEDIT",
    "FIGNORE",
    "FPATH",
    "FUNCNAME",
    "FUNCNEST",
    "GCONV_PATH",
    "GLOBIGNORE",
    "GLOBSORT",
    "GROUPS",
    "HOME",
    "GREP_OPTIONS",
    "HOSTFILE",
    "IFS",
    "IGNOREEOF",
    "INPUTRC",
    "LANG",
    "LANGUAGE",
    "LESS",
    "LESSCLOSE",
    "LESSOPEN",
    "LINENO",
    "LINES",
    "LOCPATH",
    "MANPAGER",
    "MAPFILE",
    "NLSPATH",
    "NODE_OPTIONS",
    "OLDPWD",
    "OPTARG",
    "OPTERR",
    "OPTIND",
    "PAGER",
    "PATH",
    "PIPESTATUS",
    "POSIXLY_CORRECT",
    "RSYNC_RSH",
    "TAR_OPTIONS",
    "PPID",
    "PWD",
    "RANDOM",
    "REPLY",
    "SECONDS",
    "SHELL",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "TERMINFO",
    "TIMEFORMAT",
    "TMOUT",
    "UID",
    "VISUAL",
    "_",
    "auto_resume",
    "histchars",
];

/// Beginnings of such names.
const FAMILIES: &[&str] = &[
    "BASH",
    "COMP",
    "DYLD_",
    "EPOCH",
    "GIT_",
    "HIST",
    "JAVA_",
    "KUBE_EDITOR",
    "KUBECTL_EXTERNAL_DIFF",
    "LUA_",
    "MAKE",
    "SSH_",
    "LC_",
    "LD_",
    "MAIL",
    "PERL",
    "PROMPT_",
    "PS",
    "PYTHON",
    "READLINE_",
    "RUBY",
];

/// Whether a builtin evaluates its arguments.
pub(super) fn evaluates(command: &str) -> bool {
    EVALUATORS.contains(&command)
}

/// Whether a program takes its arguments for code, wherever its name is.
pub(super) fn interprets(command: &str) -> bool {
    let version = |c: char| c.is_ascii_digit() || c == '.';
    let bare = command.trim_end_matches(version);
    INTERPRETERS.contains(&command) || INTERPRETERS.contains(&bare)
}

/// Whether a command runs its arguments.
pub(super) fn runs(command: &str) -> bool {
    RUNNERS.contains(&command)
}

/// Whether a variable of this name is more than a variable.
pub(super) fn acts(variable: &str) -> bool {
    let numbered_prompt = |family: &&&str| match **family {
        "PS" => variable.len() == 3 && variable.ends_with(|c: char| c.is_ascii_digit()),
        _ => true,
    };
    VARIABLES.contains(&variable)
        || FAMILIES
            .iter()
            .filter(|family| variable.starts_with(**family))
            .any(|family| numbered_prompt(&family))
}
