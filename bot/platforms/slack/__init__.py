"""Slack: everything that this platform needs, and nothing that another one does."""
