"""Every screen with example data, on every platform and in both languages."""
