# shellcheck shell=bash
# Runs what the entry script declares.

run_verify() {
  case "${kind}" in
    pull-secret) verify_secret ;;
    service-account) verify_account ;;
    attach) verify_attach ;;
    *) die "unknown kind ${kind}: render again" ;;
  esac
  if [[ "${failed}" == yes ]]; then
    say "error: verification failed"
    quit 1
  fi
  report result result ok changes 0
  quit 0
}

# What every entry script ends with.
run() {
  doing="reading the declarations"
  parse_options "$@"
  need_versions
  if [[ "${kind}" == all ]]; then
    run_parts
  fi
  case "${kind}" in
    pull-secret)
      need_kubectl
      need curl
      if [[ "${action}" != verify ]]; then signed_in; fi
      ;;
    service-account) need_kubectl ;;
    attach) signed_in ;;
    *) die "unknown kind ${kind}: render again" ;;
  esac
  case "${action} ${kind}" in
    verify' '*) run_verify ;;
    'apply pull-secret') plan_pull_secret ;;
    'undo pull-secret') plan_secret_removal ;;
    'apply service-account') plan_account add ;;
    'undo service-account') plan_account remove ;;
    'apply attach') plan_attach ;;
    'undo attach') plan_detach ;;
    *) die "unknown kind ${kind}: render again" ;;
  esac
  finish
}
