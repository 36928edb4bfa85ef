# shellcheck shell=bash
# Kind service-account: the Secret in the list of a ServiceAccount.
