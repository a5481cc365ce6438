"""One folder a platform, everything of it inside, behind the port in ``base``."""
