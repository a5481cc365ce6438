"""What is decided about organisations, from values alone."""

from datetime import datetime
from enum import StrEnum

from handlers.conversation.addresses import is_free_mail, read_domain

MOST_DOMAINS = 10


class InviteState(StrEnum):
    """Whether an invitation still works."""

    LIVE = "live"
    USED_UP = "used_up"
    OVER = "over"
    REVOKED = "revoked"


def invite_state(*, uses_left: int, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> InviteState:
    """Whether an invitation still works, or why not; that it was withdrawn counts before the rest."""
    if revoked_at is not None:
        return InviteState.REVOKED
    if uses_left <= 0:
        return InviteState.USED_UP
    return InviteState.LIVE if now < expires_at else InviteState.OVER


class DomainProblem(ValueError):  # noqa: N818 - it is an answer to what was typed
    """A domain cannot be an organisation's own: ``word`` is what was typed, ``free`` that everybody has it."""

    def __init__(self, word: str, *, free: bool) -> None:
        super().__init__(word)
        self.word = word
        self.free = free


def read_domains(text: str) -> list[str]:
    """The domains in a line of text, each once, in their one form.

    Raises:
        DomainProblem: a word is no domain, or one where everybody can get an address.
    """
    found: list[str] = []
    for word in text.replace(",", " ").replace(";", " ").split():
        domain = read_domain(word.rpartition("@")[2])
        if domain is None:
            raise DomainProblem(word, free=False)
        if is_free_mail(domain):
            raise DomainProblem(domain, free=True)
        if domain not in found:
            found.append(domain)
    return found[:MOST_DOMAINS]
