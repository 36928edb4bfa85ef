# shellcheck shell=bash
# Repository-scoped tokens of a registry.
