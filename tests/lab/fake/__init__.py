"""A fake Azure on loopback, for the real azure-cli: Entra ID, Microsoft Graph, ARM and the registries' data plane."""
