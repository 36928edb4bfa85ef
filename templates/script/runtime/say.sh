# shellcheck shell=bash
# Messages, and how other programs are run.
