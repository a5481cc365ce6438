"""The reads and writes worth a name, by subject."""
