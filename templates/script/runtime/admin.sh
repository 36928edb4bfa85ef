# shellcheck shell=bash
# The admin user of a registry.
