"""The program: platforms, delivery, schedule, web and commands around the handlers."""

__version__ = "0.1.0"
