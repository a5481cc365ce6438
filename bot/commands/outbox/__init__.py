"""``community-bot outbox …``: what waits to be sent, what failed, what is in doubt."""
