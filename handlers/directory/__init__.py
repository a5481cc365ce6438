"""The members' directory, and introductions when both say yes."""
