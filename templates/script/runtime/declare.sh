# shellcheck shell=bash
# What entry scripts declare: data alone.
