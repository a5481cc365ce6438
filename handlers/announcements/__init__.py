"""Announcements of the staff: written, aimed, previewed, sent, watched."""
