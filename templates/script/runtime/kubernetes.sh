# shellcheck shell=bash
# Calls of kubectl, and what their failures mean.
