"""The privacy notice: its text, its version, and what each consent means. Shown before anything is stored."""

from handlers.conversation import consent_texts
from handlers.conversation.context import Community
from handlers.conversation.screen import ScreenBuilder, screen
from handlers.conversation.texts import Texts
from storage.enums import ConsentPurpose

NOTICE_VERSION = "2018-04"
"""Changes with the meaning of the notice; whoever accepted another version is asked again."""
CONSENT_VERSION = consent_texts.CURRENT
"""Kept with every consent as proof of what was read."""


def notice(t: Texts, community: Community) -> ScreenBuilder:
    """The notice as Regulation (EU) 2016/679, article 13, asks for it: who, what, why, how long, which rights."""
    return (
        screen(summary=t("How your data is used"))
        .heading(t("How your data is used"))
        .para(
            t(
                "{controller} keeps what you tell this bot: name, organisation, role, interests, your answers to "
                "events and missions, and what you share. It is used only to run the community.",
                controller=community.controller,
            )
        )
        .bullets(
            [
                t("Nothing is kept until you agree."),
                t("You choose separately whether members can find you, whether you get news, and whether a fair or "
                  "host receives your profile. You can say no to each and still take part."),
                t("Your data stays as long as you are in the community, and is deleted when you ask."),
                t("You can see, correct, receive or delete it at any time, and complain to the Italian data "
                  "protection authority (Garante)."),
                t("Messages travel through Telegram or Slack, under their own terms."),
            ]
        )
        .para(t("Questions: {contact}. This is version {version}; /privacy shows it again.",
                contact=community.contact, version=NOTICE_VERSION))
    )  # fmt: skip


def purpose_label(purpose: ConsentPurpose, t: Texts) -> str:
    """What a person allows, in a few words."""
    match purpose:
        case ConsentPurpose.DIRECTORY:
            return t("Members can find me in the directory")
        case ConsentPurpose.NEWS:
            return t("Send me news and invitations")
        case ConsentPurpose.SHARING:
            return t("Share my profile with fairs and hosts")
