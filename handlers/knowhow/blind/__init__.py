"""Posts without a name: who is interested says so, and names appear to both once both say yes."""
