# shellcheck shell=bash
# Kind all: runs other scripts in order, stops at none of them, and ends with the worst of their codes.

# Runs the scripts of a cluster, or of all.
run_parts() {
  local at worst=0 last flags=() found=no
  local order=() known=""
  if [[ "${#part_paths[@]}" -eq 0 ]]; then
    die "this script runs no others: render again"
  fi
  for ((at = 0; at < ${#part_paths[@]}; at++)); do
    if [[ ", ${known}, " != *", ${part_clusters[at]}, "* ]]; then
      known+="${known:+, }${part_clusters[at]}"
    fi
    if [[ -n "${only_cluster}" && "${part_clusters[at]}" != "${only_cluster}" ]]; then
      continue
    fi
    found=yes
    if [[ "${action}" == undo ]]; then
      order=("${at}" ${order[@]+"${order[@]}"})
    else
      order+=("${at}")
    fi
  done
  if [[ "${found}" == no ]]; then
    misused "no script is for cluster ${only_cluster}; there are scripts for ${known}"
  fi
  for at in "${order[@]}"; do
    flags=(--json)
    if [[ "${apply}" == yes ]]; then flags+=(--apply); fi
    case "${action}" in
      verify) flags+=(--verify) ;;
      undo) flags+=(--undo) ;;
      *) ;;
    esac
    list_options "${part_kinds[at]}"
    if [[ "${rotate}" == yes && "${special_options}" == *" --rotate "* ]]; then flags+=(--rotate); fi
    if [[ "${adopt}" == yes && "${special_options}" == *" --adopt "* ]]; then flags+=(--adopt); fi
    if [[ "${in_cluster}" == yes && "${special_options}" == *" --in-cluster "* ]]; then flags+=(--in-cluster); fi
    doing="running ${part_paths[at]}"
    say ""
    say "${part_paths[at]} (cluster ${part_clusters[at]}):"
    set +e
    last="$(run_part "${at}" "${flags[@]}")"
    code="$?"
    set -e
    if [[ "${code}" -ne 0 && "${code}" -ne 3 ]]; then
      worst=1
    elif [[ "${code}" -eq 3 && "${worst}" -eq 0 ]]; then
      worst=3
    fi
    if [[ "${last}" != *' '* ]]; then
      last="0 failed"
    fi
    changes=$((changes + ${last%% *}))
    rows+=("${part_paths[at]}${unit}${last%% *}${unit}${last#* }")
  done
  case "${worst}" in
    0) report result result ok changes "${changes}" ;;
    3) report result result planned changes "${changes}" ;;
    # Said at the end, as for every failure.
    *) ;;
  esac
  quit "${worst}"
}

# Prints the summary of the scripts that ended, also after an interruption.
print_rows() {
  local line
  say ""
  printf -v line '%-60s %7s  %s' script changes result
  say "${line}"
  for line in "${rows[@]}"; do
    split "${line}"
    printf -v line '%-60s %7s  %s' "${parts[@]}"
    say "${line}"
  done
}

# Runs one script. Its JSON lines go to stdout with its name if that is asked for; prints the count of its
# changes and its result. arguments: place of the script, its options
run_part() {
  local path="${part_paths[$1]}" lines
  shift
  lines="$("${BASH}" "${0%"${0##*/}"}${path}" "$@" 4>&- </dev/null)"
  code="$?"
  if [[ "${json}" == yes ]]; then
    printf '%s\n' "${lines}" | jq -ac --arg script "${path}" '. + {script: $script}' | print_json
  fi
  printf '%s\n' "${lines}" | jq -rs 'map(select(.type == "result"))[-1] // {} | "\(.changes // "0") \(.result // "failed")"'
  return "${code}"
}
