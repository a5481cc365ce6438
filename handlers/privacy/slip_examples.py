"""Examples of consent slips for the gallery."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import Texts
from handlers.privacy import slip_labels
from handlers.privacy.slip_forms import build_new_slip, build_slip
from handlers.privacy.slip_screens import (
    Slip,
    list_file_screen,
    list_screen,
    progress_screen,
    shared_screen,
    slip_card,
    withdrawn_screen,
)
from handlers.sheets.writing import SheetForm, table
from storage.enums import SlipAnswer, SlipField
from storage.models import Disclosure
from storage.queries.disclosures import Tally

ROME = ZoneInfo("Europe/Rome")
AT = datetime(2018, 4, 23, 9, 5, tzinfo=UTC)


def gate_list(t: Texts) -> Slip:
    """The list for a visit's gate."""
    italian = t.locale.value == "it"
    return Slip(
        id=7,
        title="Elenco per la portineria del Technion" if italian else "List for the Technion's gate",
        recipient="Technion, Haifa",
        purpose="Pass per i visitatori" if italian else "Visitors' passes",
        about="MIXiii BIOMED 2018",
        fields=(SlipField.NAME, SlipField.ORGANISATION, SlipField.PHONE),
        optional=(SlipField.PHONE,),
        until=datetime(2018, 5, 18, 21, 59, tzinfo=UTC),
        open=True,
        zone=ROME,
    )


@example("privacy.slip_card")
def slip_example(t: Texts) -> Screen:
    """The question."""
    shown = ((SlipField.NAME, "Sara Bonavita"), (SlipField.ORGANISATION, "Lombardia Biotech"))
    return slip_card(replace(gate_list(t), shown=shown), t=t)


@example("privacy.slip_said_yes")
def slip_yes_example(t: Texts) -> Screen:
    """Yes, and the list has gone out."""
    said = replace(gate_list(t), answer=SlipAnswer.YES, entered=((SlipField.PHONE, "+39 02 1234567"),), handed_out=AT)
    return slip_card(said, t=t)


@example("privacy.slip_said_partly")
def slip_partly_example(t: Texts) -> Screen:
    """Yes, without the phone."""
    return slip_card(replace(gate_list(t), answer=SlipAnswer.PARTLY), t=t)


@example("privacy.slip_said_no")
def slip_no_example(t: Texts) -> Screen:
    """No."""
    return slip_card(replace(gate_list(t), answer=SlipAnswer.NO), t=t)


@example("privacy.slip_over")
def slip_over_example(t: Texts) -> Screen:
    """Its date has come."""
    return slip_card(replace(gate_list(t), open=False), t=t)


@example("privacy.slip")
def slip_form_example(t: Texts) -> Form:
    """What a yes enters."""
    slip = Disclosure(recipient="Technion, Haifa", fields=["name", "phone"], optional=["phone"])
    return build_slip(slip, partly=False, before={}, t=t)


@example("privacy.shared")
def shared_example(t: Texts) -> Screen:
    """My slips."""
    slip = gate_list(t)
    return shared_screen([replace(slip, answer=SlipAnswer.YES), replace(slip, id=8, title="Pharma meetup")], t=t)


@example("privacy.shared_nothing")
def shared_nothing_example(t: Texts) -> Screen:
    """No slips."""
    return shared_screen([], t=t)


@example("privacy.slip_list_staff")
def list_example(t: Texts) -> Screen:
    """All slips."""
    slip = gate_list(t)
    return list_screen([slip, replace(slip, id=5, title="Pharma meetup", recipient="Assobiotec", open=False)], t=t)


@example("privacy.newslip")
def new_slip_example(t: Texts) -> Form:
    """A new one."""
    return build_new_slip([Option("mission-1", "MIXiii BIOMED 2018")], zone="Europe/Rome", t=t)


@example("privacy.slip_progress")
def progress_example(t: Texts) -> Screen:
    """How far it is."""
    return progress_screen(gate_list(t), Tally(11, 3, 2, 4), [(AT, "Giulia Ferrandi", 12)], t=t)


@example("privacy.slip_progress_over")
def progress_over_example(t: Texts) -> Screen:
    """Over."""
    return progress_screen(replace(gate_list(t), open=False), Tally(12, 4, 3, 1), [(AT, "", 12)], t=t)


@example("privacy.slip_list")
def list_file_example(t: Texts) -> Screen:
    """The list."""
    first = [slip_labels.field(one, t) for one in gate_list(t).fields]
    lines = [["Sara Bonavita", "Lombardia Biotech", "+39 02 1234567"]]
    return list_file_screen(
        gate_list(t),
        File(t("list-{number}", number=7) + ".csv", SheetForm.CSV.mime, table(first, lines, SheetForm.CSV)),
        t=t,
    )


@example("privacy.slip_withdrawn")
def withdrawn_example(t: Texts) -> Screen:
    """Somebody took back a yes."""
    return withdrawn_screen(gate_list(t), "Sara Bonavita", AT, t=t)
