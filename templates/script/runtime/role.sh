# shellcheck shell=bash
# The pull role of a principal on a registry.
