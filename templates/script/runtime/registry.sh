# shellcheck shell=bash
# The data plane of a registry: is a credential accepted?
