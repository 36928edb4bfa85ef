# shellcheck shell=bash
# Runs the declared script.
