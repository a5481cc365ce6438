"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.context import Community
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.privacy.screens import consents_screen, notice_screen
from storage.enums import ConsentPurpose

COMMUNITY = Community(
    "Cluster Lombardo Scienze della Vita",
    controller="Cluster Lombardo Scienze della Vita",
    contact="privacy@cluster.example",
)


@example("privacy.notice")
def notice_example(t: Texts) -> Screen:
    """The notice."""
    return notice_screen(COMMUNITY, t=t)


@example("privacy.consents")
def consents_example(t: Texts) -> Screen:
    """One of three allowed."""
    given = {ConsentPurpose.DIRECTORY: True, ConsentPurpose.NEWS: False, ConsentPurpose.SHARING: False}
    return consents_screen(given, t=t)
