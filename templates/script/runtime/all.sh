# shellcheck shell=bash
# Kind all: runs other scripts in order.
