"""How much of something can be wanted. Pure."""

from enum import StrEnum

from storage.enums import TopicLevel

A_PAGE = 8
"""Things followed on a page."""


class Wanted(StrEnum):
    """How much of something a button asks for: the levels of a topic, or nothing in particular."""

    NOW = "now"
    DIGEST = "digest"
    MUTED = "muted"
    USUAL = "usual"  # neither followed nor muted

    @property
    def level(self) -> TopicLevel | None:
        """The level that it stands for; ``None`` for nothing in particular."""
        return None if self is Wanted.USUAL else TopicLevel(self.value)
