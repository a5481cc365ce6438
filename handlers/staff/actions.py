"""All actions and commands of the staff's tools, by subject."""

from handlers.staff import acting_actions, audit_actions, inbox_actions, list_actions, people_actions  # noqa: F401 - registers its actions
