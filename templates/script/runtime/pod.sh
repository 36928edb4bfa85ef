# shellcheck shell=bash
# A temporary pod that pulls an image on a node.
