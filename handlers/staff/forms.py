"""What the staff fill in."""

from handlers.staff import people_forms  # noqa: F401 - registers its forms
