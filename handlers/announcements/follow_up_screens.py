"""What staff see after an announcement was sent: withdrawing it, and who has not confirmed that they read it."""

from zoneinfo import ZoneInfo

from handlers.announcements.correcting import Removed, Unread
from handlers.announcements.names import title_of
from handlers.announcements.rules import MOST_CHASES
from handlers.conversation.screen import Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from storage.models import Announcement


def ask_to_withdraw(row: Announcement, arrived: int, too_old: int, *, t: Texts) -> Screen:
    """Before an announcement is deleted everywhere."""
    out = screen(summary=t("Withdraw it?")).heading(t("Withdraw it?")).para(Bold(title_of(row, t)))
    out.para(
        t.n(
            "It has arrived with {n} person; I delete it there. Whoever has not got it will not get it.",
            "It has arrived with {n} people; I delete it there. Whoever has not got it will not get it.",
            arrived,
        )
    )
    if too_old:
        out.para(
            t.n(
                "{n} has had it on Telegram for more than 48 hours, which lets nobody delete it: there I write that it "
                "was withdrawn.",
                "{n} have had it on Telegram for more than 48 hours, which lets nobody delete it: there I write that "
                "it was withdrawn.",
                too_old,
            )
        )
    out.para(t("If only something in it is wrong, correct it instead."))
    return out.row(
        Button(t("Yes, withdraw it"), press("announce.remove", row.id), Style.DANGER),
        Button(t("Correct"), press("announce.correct", row.id), opens_form=True),
        Button(t("No"), press("announce.show", row.id)),
    ).build()


def removed(row: Announcement, done: Removed, *, t: Texts) -> Screen:
    """How far a withdrawal got."""
    out = screen(summary=t("Withdrawn: {title}", title=title_of(row, t)))
    out.heading(t("Withdrawn: {title}", title=title_of(row, t)))

    def shown(number: int) -> str | None:
        return t.number(number) if number else None

    out.facts(
        (t("Deleted"), t.number(done.deleted)),
        (t("Being deleted"), shown(done.waiting)),
        (t("Could not be deleted: the platform refused"), shown(done.failed)),
        (t("Could not be deleted: on Telegram for more than 48 hours"), shown(done.too_old)),
    )
    if done.too_old:
        out.para(t("There it now says that it was withdrawn."))
    return out.row(
        Button(t("Look again"), press("announce.removed", row.id)),
        Button(t("All announcements"), press("announce.all")),
    ).build()


def unread(shown: Unread, *, zone: ZoneInfo, t: Texts) -> Screen:
    """Who has it and has not confirmed it, and the button that reminds them."""
    row = shown.row
    out = screen(summary=t("Who has not confirmed"))
    out.heading(t("Who has not confirmed")).para(Bold(title_of(row, t)))
    out.facts(
        (t("Have confirmed"), t.number(shown.confirmed)),
        (t("Have not"), t.number(shown.missing)),
        (
            t("Reminded"),
            t("{n} of {most} times", n=t.number(row.chases), most=t.number(MOST_CHASES)) if row.chases else None,
        ),
        (t("Next reminder from"), t.stamp(shown.next_at, zone) if shown.next_at else None),
    )
    if shown.names:
        out.bullets(shown.names)
    else:
        out.para(t("Everybody has confirmed."))
    if shown.missing and shown.may_chase:
        label = t.n("Remind {n} person", "Remind {n} people", shown.missing)
        out.row(Button(label, press("announce.chase", row.id, row.chases), Style.PRIMARY))
    elif shown.missing and row.chases >= MOST_CHASES:
        out.para(t("They were reminded often enough. Perhaps a call helps more."))
    out.row(
        Button("‹", press("announce.unread", row.id, shown.page - 1)) if shown.page > 0 else None,
        Button("›", press("announce.unread", row.id, shown.page + 1)) if shown.page + 1 < shown.pages else None,
    )
    return out.row(
        Button(t("Progress"), press("announce.show", row.id)),
        Button(t("All announcements"), press("announce.all")),
    ).build()
