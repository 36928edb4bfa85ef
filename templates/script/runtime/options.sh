# shellcheck shell=bash
# Options and help.
