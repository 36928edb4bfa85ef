# shellcheck shell=bash
# Messages to people on stderr, JSON lines to machines on stdout, and how other programs are run.

# What moves, turns or hides text, as patterns of bytes: control characters, C1, the marks of direction
# and separators, invisible characters. In quotes they would be no patterns.
readonly misleading=(
  '[[:cntrl:]]'
  $'\302[\200-\237\255]'
  $'\330\234'
  $'\342\200[\213-\217\250-\256]'
  $'\342\201[\240-\257]'
  $'\357\273\277'
  $'\363\240[\200-\201][\200-\277]'
)

# Sets cleaned to a text as one line may hold it, wherever it comes from: with nothing misleading, and
# no command of a CI system.
clean() {
  local text="$*" head pattern
  for pattern in "${misleading[@]}"; do
    text="${text//${pattern}/ }"
  done
  text="${text//[#][vV][sS][oO][[]/# vso [}"
  text="${text//[#][[]/# [}"
  head="${text%%::*}"
  if [[ "${head}" != "${text}" && "${head}" != *[[:graph:]]* ]]; then
    text="${head}: :${text#*::}"
  fi
  cleaned="${text}"
}

say() {
  clean "$*"
  printf '%s\n' "${cleaned}" >&2
}

# Prints the output of a program, line by line.
say_lines() {
  local line
  while IFS= read -r line || [[ -n "${line}" ]]; do
    say "${line:0:4000}"
  done
}

# jq without its messages: they quote what it reads, and that may be a secret.
jq() {
  command jq "$@" 2>/dev/null
}

# The stdout of the script, also where a function's own is read.
exec 4>&1

# Prints lines of JSON, read from stdin, so that no terminal and no CI system takes a part of one for a command.
print_json() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "${line//[#]/\\u0023}" >&4
  done
}

# With --json, one JSON object on stdout: its type, then names and values; changes are counted.
report() {
  if [[ "${json}" != yes ]]; then
    return
  fi
  local word record=""
  for word in "$@"; do
    record+="${word}${unit}"
  done
  printf '%s' "${record}" | jq -Racs '
    split("\u001f")[:-1] as $words
    | [range(1; $words | length; 2) | {($words[.]): $words[. + 1]}]
    | {type: $words[0]} + (add // {})
    | if .changes then .changes |= tonumber else . end' | print_json
}

# The current step, the exit code of the script, which is never that of a program, and what a run that
# ends early leaves behind.
doing="starting"
ending=""
unfinished=""
json=no
apply=no
changes=0
planned=0
pod=""
pod_namespace=""
# Of a script that runs others: script, changes and result of each that ended.
rows=()

# Ends the script. In a subshell, 79 tells the shell around it that the reason has been said.
quit() {
  if [[ "${BASH_SUBSHELL}" -gt 0 ]]; then
    exit 79
  fi
  ending="$1"
  exit "$1"
}

die() {
  say "error: $*"
  report error message "$*"
  quit 1
}

# argument: the exit code at the end
at_exit() {
  trap - EXIT
  # The rest of the way out is not to be cut short.
  trap '' HUP INT TERM PIPE
  set +e
  if [[ -n "${pod_namespace}" ]]; then
    remove_pod
  fi
  if [[ -z "${ending}" ]]; then
    ending=1
    if [[ "$1" -eq 141 && "${doing}" == "printing the help" ]]; then
      # Whoever reads the output has enough of it.
      exit 1
    elif [[ -z "${kind-}" && "$1" -eq 0 ]]; then
      say "this file is a library: run a script that loads it"
    elif [[ "$1" -ge 79 && "$1" -le 89 ]]; then
      say "stopped while ${doing}"
    else
      say "error: ${doing} failed (a command exited with $1)"
      report error message "${doing} failed"
    fi
  fi
  if [[ "${#rows[@]}" -gt 0 ]]; then
    print_rows
  fi
  if [[ "${ending}" -eq 1 && "${apply}" == yes && "${planned}" -gt 0 ]]; then
    if [[ -n "${unfinished}" ]]; then
      say "left: ${unfinished%; }"
    fi
    say "${changes} of ${planned} change(s) were made; run again with --apply to continue"
  fi
  case "${ending}" in
    0) ;;
    1) report result result failed changes "${changes}" ;;
    *) ;;
  esac
  exit "${ending}"
}

trap 'at_exit "$?"' EXIT
trap 'die "interrupted while ${doing}"' HUP INT TERM
trap 'quit 1' PIPE

misused() {
  say "error: $1"
  say "see: bash ${0##*/} --help"
  quit 64
}

# Runs a call that may fail. Sets code to its status.
try() {
  set +e
  "$@"
  code="$?"
  set -e
}
code=0

# Runs a program. What it says on stderr is shown when it ends, with its cause if that is known.
# Status: that of the program, or the class of a known failure (see explain).
invoke() {
  {
    {
      local status=0
      "$@" 3>&- || status="$?"
      printf '\n%s%s\n' "${unit}" "${status}" >&2
    } 2>&1 >&3 | explain "$1" 3>&-
  } 3>&1
}

# Classes of failures, by the words of a program.
readonly signed_out=81 forbidden=82 not_found=83 throttled=84 unreachable=85 too_early=86 refused=87 absent=88
# Some failures pass: they are only shown if the caller does not try again.
patient=no

# Shows what a program said on stderr, read from stdin up to its status, and returns the status.
# argument: the program
explain() {
  local line words="" status=1 class=0 cause=""
  local lines=()
  while IFS= read -r line || [[ -n "${line}" ]]; do
    if [[ "${line}" == "${unit}"* ]]; then
      status="${line#"${unit}"}"
    elif [[ -n "${line}" ]]; then
      # No message is longer; cleaning takes longer than reading.
      lines+=("${line:0:4000}")
      # Enough to know the cause by: matching takes longer than reading.
      if [[ "${#words}" -lt 8000 ]]; then
        words+="${line:0:2000} "
      fi
    fi
  done
  if [[ "${status}" -ne 0 ]]; then
    case "$1" in
      az) explain_azure ;;
      kubectl) explain_kubernetes ;;
      *) ;;
    esac
    if [[ "${patient}" == yes && ("${class}" -eq "${throttled}" || "${class}" -eq "${too_early}") ]]; then
      return "${class}"
    fi
  fi
  for line in ${lines[@]+"${lines[@]}"}; do
    # The log of kubectl's client and the inside of a traceback explain nothing.
    case "${line}" in
      [EWI][0-9][0-9][0-9][0-9]' '*) ;;
      ' '* | Traceback*) if [[ "${status}" -eq 0 ]]; then say "${line}"; fi ;;
      *) say "${line}" ;;
    esac
  done
  if [[ -n "${cause}" ]]; then
    say "error: ${cause}"
    report error message "${cause}"
    return "${class}"
  fi
  return "${status}"
}

# Tries a call again while its failure is one that passes: too many requests, or objects that Azure does
# not show everywhere yet. arguments: seconds, then the call
persist() {
  local left="$1" pause=5 code
  shift
  while :; do
    code=0
    patient=yes
    if [[ "${left}" -le 0 ]]; then
      patient=no
    fi
    "$@" || code="$?"
    if [[ "${patient}" == no || ("${code}" -ne "${throttled}" && "${code}" -ne "${too_early}") ]]; then
      patient=no
      return "${code}"
    fi
    if [[ "${code}" -eq "${throttled}" ]]; then
      say "too many requests: waiting ${pause} seconds"
    else
      say "waiting ${pause} seconds for Azure to replicate new objects"
    fi
    sleep "${pause}"
    left=$((left - pause))
    if [[ "${pause}" -lt 30 ]]; then
      pause=$((pause * 2))
    fi
  done
}

need() {
  local program
  for program in "$@"; do
    if ! type -P "${program}" >/dev/null; then
      die "${program} is not installed, or not on PATH"
    fi
  done
}

# Ends the script if a program is too old; what is no number in a version counts as 0.
# arguments: the program, its version, the least one
need_version() {
  local have="$2" want="$3" part whole
  while [[ -n "${want}" ]]; do
    part="${have%%.*}"
    whole="${want%%.*}"
    part="${part%%[!0-9]*}"
    if [[ "${part:-0}" -lt "${whole}" ]]; then
      die "$1 $2 is too old: $3 or newer is required"
    elif [[ "${part:-0}" -gt "${whole}" ]]; then
      return
    fi
    case "${want}" in *.*) want="${want#*.}" ;; *) want="" ;; esac
    case "${have}" in *.*) have="${have#*.}" ;; *) have="" ;; esac
  done
}

need_versions() {
  local version
  need_version bash "${BASH_VERSION}" 3.2
  need jq
  version="$(jq --version)"
  need_version jq "${version#jq-}" 1.6
}
