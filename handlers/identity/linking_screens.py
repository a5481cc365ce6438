"""How linking and parting accounts look."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.conversation.codes import LINK_LIFE
from handlers.conversation.screen import Bold, Button, Screen, Style, UrlButton, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from storage.enums import Platform


def link_code(code: str, here: Platform, slash_command: str, deep_link: str, *, t: Texts) -> Screen:
    """A code to type on the other platform."""
    out = (
        screen(summary=t("Your linking code"))
        .heading(t("Your linking code"))
        .para(t("On the other platform, write this to me within {time}:", time=t.duration(LINK_LIFE)))
    )
    out.para(Bold(f"/link {code}" if here is Platform.SLACK else f"{slash_command} link {code}"))
    out.para(t("It works once. From then on we are one conversation: I write where you were last."))
    if deep_link:
        out.row(UrlButton(t("Open Telegram"), deep_link))
    return out.build()


def link_confirm(code: str, name: str, platform: Platform, *, t: Texts) -> Screen:
    """Before two accounts become one person."""
    return (
        screen(summary=t("Link this account?"))
        .para(
            t(
                "This code belongs to {name} on {platform}. Shall I treat this account as the same person?",
                name=name,
                platform=PLATFORM_NAMES[platform],
            )
        )
        .row(
            Button(t("Yes, that's me"), press("link.accept", code), Style.PRIMARY),
            Button(t("No"), press("link.decline")),
        )
        .build()
    )


def linked(platform: Platform, *, t: Texts) -> Screen:
    """Told on both sides."""
    return (
        screen(summary=t("Linked"))
        .para(t("✓ {platform} is now linked to your profile.", platform=PLATFORM_NAMES[platform]))
        .para(t("Wasn't that you? Tell the staff at once."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def not_linked(*, t: Texts) -> Screen:
    """They said no."""
    return screen().para(t("Nothing was linked.")).build()


def link_help(life: timedelta, *, t: Texts) -> Screen:
    """For somebody who has no code."""
    return (
        screen()
        .para(
            t(
                "To link this account, ask me for a code where I know you already (write /link there), "
                "then write it here within {time}.",
                time=t.duration(life),
            )
        )
        .build()
    )


def accounts(rows: Sequence[tuple[int, Platform, bool]], *, t: Texts) -> Screen:
    """Where somebody is known: (id, platform, whether it is here)."""
    out = (
        screen(summary=t("Where I know you"))
        .heading(t("Where I know you"))
        .bullets(
            [
                t("{platform} (you are here)", platform=PLATFORM_NAMES[platform]) if here else PLATFORM_NAMES[platform]
                for _, platform, here in rows
            ]
        )
    )
    if len(rows) > 1:
        for account_id, platform, _ in rows:
            label = t("Unlink {platform}", platform=PLATFORM_NAMES[platform])
            out.row(Button(label, press("link.part", account_id)))
    return out.row(Button(t("Use another platform too"), press("link.new"))).build()


def part_confirm(account_id: int, platform: Platform, *, t: Texts) -> Screen:
    """Before an account is unlinked."""
    name = PLATFORM_NAMES[platform]
    return (
        screen(summary=t("Unlink {platform}", platform=name))
        .para(
            t(
                "On {platform} I won't know you any more, and nothing I write to you goes there. Your profile stays "
                "where else you are linked.",
                platform=name,
            )
        )
        .row(
            Button(t("Unlink {platform}", platform=name), press("link.parted", account_id), Style.DANGER),
            Button(t("Keep it as it is"), press("link.accounts")),
        )
        .build()
    )


def parted_here(platform: Platform, *, t: Texts) -> Screen:
    """On the account that was unlinked."""
    return (
        screen(summary=t("Unlinked"))
        .para(t("This account on {platform} is no longer linked to your profile.", platform=PLATFORM_NAMES[platform]))
        .para(t("Wasn't that you? Tell the staff at once."))
        .build()
    )


def parted(platform: Platform, *, t: Texts) -> Screen:
    """On the account that stays."""
    return (
        screen(summary=t("Unlinked"))
        .para(t("{platform} is no longer linked to your profile.", platform=PLATFORM_NAMES[platform]))
        .para(t("Wasn't that you? Tell the staff at once."))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )
