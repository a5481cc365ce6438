"""What the staff's screens look like."""

from handlers.staff import staff_examples  # noqa: F401 - registers its examples
