# shellcheck shell=bash
# Calls of az, and what their failures mean.
