"""Stand-ins for the far servers: strict, in-process, and honest about what the real ones refuse."""
