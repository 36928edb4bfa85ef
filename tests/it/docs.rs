//! What README and ARCHITECTURE.md say is run, read and compared.
