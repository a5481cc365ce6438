"""Every form of announcements; they register when they are imported."""

from handlers.announcements import small_forms, writing_form

__all__ = ["small_forms", "writing_form"]
