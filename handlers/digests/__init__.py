"""Digests: what is new to one person, at the hour that they chose."""
