# shellcheck shell=bash
# Nothing of the caller's shell but its environment: no function in place of a program, no trace, no
# automatic export. In POSIX mode special builtins come before functions of the same name.
POSIXLY_CORRECT=yes
{ set +akvx; } 2>/dev/null
unset -f builtin
while IFS=' ' builtin read -r _ _ name; do
  if [[ -n "${name}" ]]; then
    unset -f -- "${name}"
  fi
done <<<"$(builtin declare -F)"
unset -v POSIXLY_CORRECT BASH_ENV ENV BASH_XTRACEFD CDPATH EXECIGNORE FUNCNEST GLOBIGNORE TMOUT
set +o posix
shopt -u dotglob expand_aliases extdebug extglob failglob lastpipe localvar_inherit nocaseglob nocasematch nullglob xpg_echo 2>/dev/null || :
export -n SHELLOPTS BASHOPTS
IFS=$' \t\n'
# All variables below are in lower case. One that the caller exports would be exported with a value of
# ours, which may be secret; only the settings of proxies go by such names.
for name in $(compgen -v); do
  case "${name}" in
    name | *_proxy) ;;
    [a-z]*) unset -v "${name}" 2>/dev/null || : ;;
    *) ;;
  esac
done
unset -v name
# Bytes are bytes: what is shown is cleaned byte by byte.
export LC_ALL=C
set -Eeufo pipefail
shopt -s inherit_errexit 2>/dev/null || :
umask 077

# Entries say for which version of this file they are.
readonly runtime_version=1
# A separator that no field contains, and that is not white space, so that empty fields are kept.
readonly unit=$'\037'
