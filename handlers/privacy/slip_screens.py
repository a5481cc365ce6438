"""How consent slips look: to those who are asked, and to those who ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, File, Progress, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.privacy import slip_labels
from storage.enums import ASKED_SLIP_FIELDS, SlipAnswer, SlipField
from storage.queries.disclosures import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A slip as it is shown.

    Attributes:
        about: the mission or event.
        answer: what the reader said; ``None`` while they have not.
        shown: the reader's own values that would be handed over, where the profile has them.
        entered: what they entered for this slip.
        handed_out: when an export last held them.
    """

    id: int
    title: str
    recipient: str
    purpose: str
    about: str
    fields: Sequence[SlipField]
    optional: Sequence[SlipField]
    until: datetime
    open: bool
    zone: ZoneInfo
    answer: SlipAnswer | None = None
    shown: Sequence[tuple[SlipField, str]] = field(default_factory=tuple)
    entered: Sequence[tuple[SlipField, str]] = field(default_factory=tuple)
    handed_out: datetime | None = None


def _names(fields: Sequence[SlipField], t: Texts) -> str:
    return t.list([slip_labels.field(one, t) for one in fields])


def slip_card(slip: Slip, *, t: Texts) -> Screen:
    """A slip before the one it concerns: what, to whom, for what, until when; and their answer."""
    out = screen(summary=t("May {recipient} have this?", recipient=slip.recipient))
    out.heading(t("May {recipient} have this?", recipient=slip.recipient))
    out.facts(
        (t("What"), _names(slip.fields, t)),
        (t("To whom"), slip.recipient),
        (t("What for"), slip.purpose),
        (t("About"), slip.about),
        (t("Until"), t.moment(slip.until, slip.zone, year=True)),
    )
    if not slip.open:
        return out.para(t("This slip is over: what you said and entered is deleted.")).build()
    if slip.answer is None:
        lines = [f"{slip_labels.field(one, t)}: {value or '–'}" for one, value in slip.shown]
        if lines:
            out.para(Bold(t("From your profile they would get:"))).bullets(lines)
    else:
        out.para(Bold(_said(slip, t)))
        out.bullets([f"{slip_labels.field(one, t)}: {value}" for one, value in slip.entered])
    if slip.handed_out is not None:
        out.para(t("Handed over on {moment}.", moment=t.stamp(slip.handed_out, slip.zone)))
    out.para(t("A no changes nothing else. You can change your mind until that date; then your answer is deleted."))
    for button in _answers(slip, t):
        out.row(button)
    return out.build()


def _said(slip: Slip, t: Texts) -> str:
    match slip.answer:
        case SlipAnswer.YES:
            return t("✓ You said yes.")
        case SlipAnswer.PARTLY:
            return t("✓ You said yes, without: {fields}.", fields=_names(slip.optional, t))
        case _:
            return t("✗ You said no: nothing about you is handed over.")


def _answers(slip: Slip, t: Texts) -> list[Button]:
    found: list[Button] = []
    add = found.append
    asks = [one for one in slip.fields if one in ASKED_SLIP_FIELDS]
    asks_partly = [one for one in asks if one not in slip.optional]
    if slip.answer is not SlipAnswer.YES:
        if asks:
            add(Button(t("Yes …"), press("privacy.slipfill", slip.id, 0), Style.PRIMARY, opens_form=True))
        else:
            add(Button(t("Yes"), press("privacy.slipyes", slip.id, 0), Style.PRIMARY))
    if slip.optional and slip.answer is not SlipAnswer.PARTLY:
        without = _names(slip.optional, t)
        if asks_partly:
            label = t("Yes, without {fields} …", fields=without)[:70]
            add(Button(label, press("privacy.slipfill", slip.id, 1), opens_form=True))
        else:
            add(Button(t("Yes, without {fields}", fields=without)[:70], press("privacy.slipyes", slip.id, 1)))
    if slip.answer is not SlipAnswer.NO:
        add(Button(t("No") if slip.answer is None else t("No, I take it back"), press("privacy.slipno", slip.id)))
    return found


def shared_screen(slips: Sequence[Slip], *, t: Texts) -> Screen:
    """The reader's slips."""
    out = screen(summary=t("What I share")).heading(t("What I share"))
    if not slips:
        out.para(t("Nothing: nobody has asked for your data, or it is over and deleted."))
    for slip in slips:
        mark = "▫️ " if slip.answer is None else "✗ " if slip.answer is SlipAnswer.NO else "✅ "
        out.para(mark, Bold(slip.title), f" · {slip.recipient}")
        out.row(Button(slip.title[:60], press("privacy.slip", slip.id)))
    return out.row(Button(t("What I allow"), press("privacy.show"))).build()


# For those who ask


def list_screen(slips: Sequence[Slip], *, t: Texts) -> Screen:
    """The newest slips."""
    out = screen(summary=t("Consent slips")).heading(t("Consent slips"))
    out.para(t("Before a fair or a host gets data, each person concerned says yes or no to exactly that."))
    for slip in slips:
        state = t("until {day}", day=t.short_day(slip.until.astimezone(slip.zone).date())) if slip.open else t("closed")
        out.para(Bold(slip.title), f" · {slip.recipient} · {state}")
        out.row(Button(slip.title[:60], press("privacy.slipview", slip.id)))
    return out.row(Button(t("New slip"), press("privacy.newslip"), Style.PRIMARY, opens_form=True)).build()


def progress_screen(slip: Slip, said: Tally, handed: Sequence[tuple[datetime, str, int]], *, t: Texts) -> Screen:
    """How far a slip is: how many said what, and who had the list when."""
    out = screen(summary=slip.title).heading(slip.title)
    out.facts(
        (t("What"), _names(slip.fields, t)),
        (t("May be left out"), _names(slip.optional, t)),
        (t("To whom"), slip.recipient),
        (t("What for"), slip.purpose),
        (t("About"), slip.about),
        (t("Until"), t.moment(slip.until, slip.zone, year=True)),
    )
    out.block(Progress(said.asked - said.silent, said.asked, t("Answered")))
    out.facts(
        (t("Yes"), t.number(said.yes)),
        (t("Yes, in part"), t.number(said.partly)),
        (t("No"), t.number(said.no)),
        (t("Silent"), t.number(said.silent)),
    )
    for moment, who, people in handed:
        text = t("Handed out on {moment} by {who}: {n}", moment=t.stamp(moment, slip.zone), who=who or "–", n=people)
        out.para(text)
    if not slip.open:
        return out.para(t("Over: the answers are deleted, only these counts stay.")).row(_all(t)).build()
    if said.yes or said.partly:
        out.row(
            Button(t("List as XLSX"), press("privacy.slipsheet", slip.id, "xlsx"), Style.PRIMARY),
            Button(t("List as CSV"), press("privacy.slipsheet", slip.id, "csv")),
        )
    if said.silent:
        out.row(Button(t("Remind who is silent"), press("privacy.slipremind", slip.id)))
    return out.row(
        Button(t("Close and delete the answers"), press("privacy.slipclose", slip.id), Style.DANGER), _all(t)
    ).build()


def _all(t: Texts) -> Button:
    return Button(t("All slips"), press("privacy.sliplist"))


def list_file_screen(slip: Slip, file: File, *, t: Texts) -> Screen:
    """The list of yeses."""
    return (
        screen(summary=slip.title)
        .heading(slip.title)
        .para(
            t(
                "Only those who said yes, only what they said yes to. For {recipient}, for nobody else.",
                recipient=slip.recipient,
            )
        )
        .para(
            t(
                "Delete it by {day}; ask {recipient} to do the same.",
                day=t.day(slip.until.astimezone(slip.zone).date(), year=True),
                recipient=slip.recipient,
            )
        )
        .file(file)
        .build()
    )


def withdrawn_screen(slip: Slip, name: str, handed: datetime, *, t: Texts) -> Screen:
    """Somebody took back a yes after the list had gone out."""
    return (
        screen(summary=t("A yes was taken back"))
        .heading(t("A yes was taken back"))
        .para(
            t(
                "{name} has changed their answer to “{slip}”. The list made on {moment} still has the old one.",
                name=name,
                slip=slip.title,
                moment=t.stamp(handed, slip.zone),
            )
        )
        .para(t("Please ask {recipient} to delete it, and send the new list.", recipient=slip.recipient))
        .row(Button(slip.title[:60], press("privacy.slipview", slip.id)))
        .build()
    )
