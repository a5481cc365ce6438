"""How the notice and the consents look."""

from collections.abc import Mapping

from handlers.conversation.context import Community
from handlers.conversation.privacy_notice import notice, purpose_label
from handlers.conversation.screen import Bold, Button, Screen, press, screen
from handlers.conversation.texts import Texts
from storage.enums import ConsentPurpose


def notice_screen(community: Community, *, t: Texts) -> Screen:
    """The notice at any time, with the way to what one allows."""
    return notice(t, community).row(Button(t("What I allow"), press("privacy.show"))).build()


def consents_screen(given: Mapping[ConsentPurpose, bool], *, t: Texts) -> Screen:
    """Each purpose with a button that turns it round."""
    out = screen(summary=t("What I allow")).heading(t("What I allow"))
    out.para(t("Each is up to you. Press one to change it; saying no changes nothing else."))
    for purpose in ConsentPurpose:
        allowed = given[purpose]
        out.para("✅ " if allowed else "⬜️ ", Bold(purpose_label(purpose, t)))
        short = _short(purpose, t)
        label = t("Stop: {what}", what=short) if allowed else t("Allow: {what}", what=short)
        out.row(Button(label, press("privacy.set", purpose, int(not allowed))))
    return out.row(Button(t("Read the notice"), press("privacy.notice")), Button(t("Menu"), press("home.show"))).build()


def _short(purpose: ConsentPurpose, t: Texts) -> str:
    match purpose:
        case ConsentPurpose.DIRECTORY:
            return t("directory")
        case ConsentPurpose.NEWS:
            return t("news")
        case ConsentPurpose.SHARING:
            return t("fairs and hosts")
