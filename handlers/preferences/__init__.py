"""Language, time zone, quiet hours, channel, and how much of what somebody wants."""
