# shellcheck shell=bash
# Kind attach: the pull role for the kubelet identity of an AKS cluster.
