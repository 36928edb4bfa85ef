# shellcheck shell=bash
# Service principals of Microsoft Entra ID.
