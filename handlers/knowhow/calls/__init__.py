"""Deadline radar: calls that are followed, reminders before their deadlines, partners for them."""
