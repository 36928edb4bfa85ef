# shellcheck shell=bash
# The list of steps. Functions plan_* only read, and fill the list; functions apply_* only act on it.

# A step is the name of its function apply_NAME, the place of what it acts on in its list, what it does
# in words, and a command, joined by UNIT.
steps=()
# Why --apply would be refused, although there is a plan.
obstacles=()

# arguments: name, place, what it does, command
plan_step() {
  local word record=""
  for word in "$@"; do
    if [[ "${word}" == *[[:cntrl:]]* ]]; then
      die "${doing} gave a value with control characters"
    fi
    record+="${word}${unit}"
  done
  steps+=("${record}")
}

# Something that exists and that this entry did not create.
plan_adoption() {
  if [[ "${adopt}" == yes ]]; then
    say "$1: taken over"
  else
    obstacles+=("$1")
  fi
}

# What to know after the changes.
hints=()

# The command of the step that is being applied.
call=()

# Shows a step as a command line. argument: the step
show_step() {
  local line
  split "${1%"${unit}"}"
  printf -v line ' %q' "${parts[@]:3}"
  say "+${line}"
  if [[ "${json}" == yes ]]; then
    printf '%s' "$1" | jq -Racs 'split("\u001f")[:-1] | {type: "step", step: .[0], does: .[2], argv: .[3:]}' | print_json
  fi
}

# Makes the call of a step that has no result.
apply_call() {
  invoke "${call[@]}" >/dev/null
}

# The same for what fails as long as Azure does not show everywhere what is new.
apply_patient_call() {
  persist 300 invoke "${call[@]}" >/dev/null
}

# Makes the call of a step that creates a password. Sets minted to its answer. argument: what is left if the
# script ends before a Secret holds it
mint() {
  local before="${unfinished}"
  unfinished+="maybe $1; "
  set +e
  minted="$(persist 300 invoke "${call[@]}" | tr -d '\r')"
  code="$?"
  set -e
  case "${code}" in
    0) unfinished="${before}$1; " ;;
    "${signed_out}" | "${forbidden}" | "${not_found}" | "${throttled}")
      # Nothing was created.
      unfinished="${before}"
      exit "${code}"
      ;;
    *) exit "${code}" ;;
  esac
}
minted=""

# Shows the plan, makes its changes if that is asked for, and ends the script.
finish() {
  local step one
  planned="${#steps[@]}"
  for one in ${obstacles[@]+"${obstacles[@]}"}; do
    say "${one}: --adopt takes it over"
    report obstacle message "${one}"
  done
  if [[ "${planned}" -eq 0 && "${#obstacles[@]}" -eq 0 ]]; then
    say "nothing to do"
    report result result unchanged changes 0
    quit 0
  fi
  if [[ "${apply}" == yes && "${#obstacles[@]}" -gt 0 ]]; then
    planned=0
    die "nothing was changed: this script did not create what it would change; use --adopt to take it over, or choose other names in the config"
  fi
  for step in ${steps[@]+"${steps[@]}"}; do
    show_step "${step}"
    if [[ "${apply}" == yes ]]; then
      split "${step%"${unit}"}"
      call=("${parts[@]:3}")
      doing="${parts[2]}"
      "apply_${parts[0]}" "${parts[1]}"
      changes=$((changes + 1))
    fi
  done
  if [[ "${apply}" == yes ]]; then
    for one in ${hints[@]+"${hints[@]}"}; do
      say "${one}"
    done
    say "done: ${changes} change(s)"
    report result result changed changes "${changes}"
    quit 0
  fi
  if [[ "${#obstacles[@]}" -gt 0 ]]; then
    say "plan: ${planned} change(s); run again with --apply --adopt to make them"
  else
    say "plan: ${planned} change(s); run again with --apply to make them"
  fi
  report result result planned changes "${planned}"
  quit 3
}
