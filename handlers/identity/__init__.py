"""Joining, the profile, and one person on several platforms."""
