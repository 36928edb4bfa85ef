# shellcheck shell=bash
# Kind pull-secret: credentials in a Secret of some namespaces.
