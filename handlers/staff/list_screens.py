"""How lists from files look: what would change, what is wrong, and what was done."""

from collections.abc import Sequence

from handlers.conversation.screen import Bold, Button, File, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.staff.list_changes import Differences
from handlers.staff.list_columns import COLUMNS
from handlers.staff.list_faults import ListFault
from storage.enums import ListKind

SHOWN = 8
"""Differences, and names, in the message; the file has all."""
FAULTS_SHOWN = 20
"""Faults in the message; a file has all."""


def kind_name(kind: ListKind, t: Texts) -> str:
    """What a list is of."""
    return t("Members") if kind is ListKind.MEMBERS else t("Organisations")


def choose(*, t: Texts) -> Screen:
    """Which list comes in."""
    return (
        screen(summary=t("Bring in a list"))
        .heading(t("Bring in a list"))
        .para(t("First I show what would change. Nothing happens before you say so."))
        .row(*(Button(kind_name(kind, t), press("list.import", kind), opens_form=True) for kind in ListKind))
        .build()
    )


def reading(*, t: Texts) -> Screen:
    """The file has come."""
    return screen().para(t("Thank you. I'm reading the file and tell you in a moment what it would change.")).build()


def wrong(kind: ListKind, faults: Sequence[ListFault], file: File | None, *, t: Texts) -> Screen:
    """What is wrong with the file: nothing of it was taken over."""
    title = t("{kind}: the file can't be taken over", kind=kind_name(kind, t))
    out = screen(summary=title).heading(title)
    out.para(t.n("{n} thing is wrong; nothing was changed:", "{n} things are wrong; nothing was changed:", len(faults)))
    out.bullets([fault.text(t) for fault in faults[:FAULTS_SHOWN]])
    if file is not None:
        out.para(t("The file below has all of them.")).file(file)
    return out.row(Button(t("Send another file"), press("list.import", kind), opens_form=True)).build()


def differences(
    kind: ListKind, found: Differences, ignored: Sequence[str], run_id: int, file: File | None, *, t: Texts
) -> Screen:
    """What the file would change, and the button that does it."""
    title = t("{kind}: what the file would change", kind=kind_name(kind, t))
    titles = {column.field: column.title(t.locale) for column in COLUMNS[kind]}
    out = (
        screen(summary=title)
        .heading(title)
        .facts(
            (t("New"), t.number(len(found.new))),
            (t("Changed"), t.number(len(found.changed))),
            (t("As before"), t.number(found.unchanged)),
            (t("Not in the file"), t.number(len(found.missing))),
        )
    )
    if found.new:
        out.para(Bold(t("New")))
        out.bullets([row.values.get("name", "") for row in found.new[:SHOWN]])
    if found.changed:
        out.para(Bold(t("Changed")))
        out.bullets(
            [
                f"{one.known.values.get('name', '')} · {titles[name]}: {old[:60] or '–'} → {new[:60] or '–'}"
                for one in found.changed[:SHOWN]
                for name, (old, new) in one.fields.items()
            ]
        )
    if found.missing:
        out.para(t("What is not in the file stays as it is."))
    if ignored:
        out.para(t("Columns that I don't know and leave out: {names}", names=", ".join(ignored)[:300]))
    if file is not None:
        out.para(t("The file below has every difference.")).file(file)
    total = len(found.new) + len(found.changed)
    if not total:
        return out.para(t("There is nothing to do.")).row(Button(t("Menu"), press("home.show"))).build()
    if kind is ListKind.MEMBERS and found.new:
        out.para(
            t(
                "New people are invited, not members: each gets a code of their own, reads the privacy notice first, "
                "and decides."
            )
        )
    return out.row(
        Button(
            t.n("Take over {n} change", "Take over {n} changes", total),
            press("list.apply", run_id, found.fingerprint),
            Style.PRIMARY,
        ),
        Button(t("Discard"), press("list.discard", run_id), Style.DANGER),
    ).build()


def done(kind: ListKind, new: int, changed: int, file: File | None, *, t: Texts) -> Screen:
    """What was done; for members with their codes, which are shown this once."""
    title = t("✓ {kind}: taken over", kind=kind_name(kind, t))
    out = screen(summary=title).heading(title).facts((t("New"), t.number(new)), (t("Changed"), t.number(changed)))
    if file is not None:
        out.para(t("Below is a personal code for each new person. Send it to them and keep it: I show it only now."))
        out.file(file)
    return out.build()


def discarded(*, t: Texts) -> Screen:
    """Nothing was taken over."""
    return screen().para(t("Discarded. Nothing was changed.")).build()


def exported(kind: ListKind, rows: int, file: File, *, t: Texts) -> Screen:
    """The list as a file."""
    title = kind_name(kind, t)
    return (
        screen(summary=title)
        .heading(title)
        .para(t.n("{n} row. You can change it and send it back with /import.",
                  "{n} rows. You can change them and send them back with /import.", rows))
        .file(file)
        .build()
    )  # fmt: skip
