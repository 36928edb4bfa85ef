# shellcheck shell=bash
# Nothing of the caller's shell but its variables.
