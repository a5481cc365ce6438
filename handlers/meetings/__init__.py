"""B2B meetings: proposing, answering in one tap, another time without losing the old one, reminders."""
