"""From the outbox to the platforms, and from the platforms to the inbox."""
