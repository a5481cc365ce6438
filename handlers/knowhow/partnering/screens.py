"""What goes to the Enterprise Europe Network, drawn from data alone.

The network's profiles are anonymous: who takes an interest in one writes to its local partner, which asks the other
side. So no name and no organisation is in the table; the reference leads the staff back to the post.
"""

from zoneinfo import ZoneInfo

from handlers.conversation.screen import Button, File, Screen, press, screen
from handlers.conversation.texts import Texts
from handlers.sheets.writing import SheetForm
from storage.models import Post


def headings(t: Texts) -> list[str]:
    """The names of the columns."""
    return [
        t("Profile"),
        t("Reference"),
        t("Title"),
        t("Text"),
        t("Sector"),
        t("Topics"),
        t("Language"),
        t("Link"),
        t("Published"),
        t("Valid until"),
    ]


def cells(post: Post, zone: ZoneInfo, t: Texts) -> list[str]:
    """A post's row, read with its kind and its sector. Days as ISO 8601 writes them, which spreadsheets sort."""
    ends = min((one for one in (post.valid_until, post.deadline) if one is not None), default=None)
    published = post.published_at or post.created_at
    return [
        post.kind.profile.value if post.kind.profile is not None else "",
        str(post.id),
        post.title,
        post.body,
        t.of(post.sector, "name") if post.sector is not None else "",
        ", ".join(post.topics),
        post.language.value,
        post.link,
        published.astimezone(zone).date().isoformat(),
        ends.astimezone(zone).date().isoformat() if ends is not None else "",
    ]


def offered(number: int, *, t: Texts) -> Screen:
    """How many there are, and as what to have them."""
    out = screen(summary=t("Enterprise Europe Network")).heading(t("Enterprise Europe Network"))
    if not number:
        return (
            out.para(t("No open offer or request is shared with everybody yet, so there is nothing to pass on."))
            .para(t("Which kinds of post go there is set in /lists."))
            .row(Button(t("Menu"), press("home.show")))
            .build()
        )
    out.para(
        t.n(
            "{n} open offer or request that its author shares with everybody.",
            "{n} open offers and requests that their authors share with everybody.",
            number,
        )
    )
    out.para(
        t(
            "The file has the network's profile, title, text and sector, but no names: interest comes to you, and you "
            "ask the author. Read the texts before you pass them on: they may name their author."
        )
    )
    return out.row(
        Button(t("Excel (XLSX)"), press("een.file", SheetForm.XLSX)), Button(t("CSV"), press("een.file", SheetForm.CSV))
    ).build()


def file_screen(rows: int, file: File, *, t: Texts) -> Screen:
    """The file."""
    title = t("Enterprise Europe Network")
    return screen(summary=title).heading(title).para(t.n("{n} post.", "{n} posts.", rows)).file(file).build()
