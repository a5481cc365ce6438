"""The program: platforms, delivery, schedule, web and commands around the handlers."""
