# shellcheck shell=bash
# The list of steps: plan_* functions fill it, apply_* functions act on it.
