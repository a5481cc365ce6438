"""Every screen of announcements with example data, for the gallery and the snapshots."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.announcements.forms import writing_form
from handlers.announcements.progress_screens import (
    Listed,
    Results,
    all_announcements,
    paused_by_itself,
    progress_card,
    results,
)
from handlers.announcements.rules import Totals
from handlers.announcements.screens import (
    Aim,
    Choice,
    Chosen,
    as_read_by,
    audience,
    confirm,
    delete_draft,
    deleted,
    facet_page,
    muted,
    preview,
)
from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts, texts_for
from storage.audience import Facet, Mark
from storage.enums import AnnouncementStatus, Locale, OutboxState, Platform
from storage.models import Announcement
from storage.queries.announcements import NotReached, Reach

COMMUNITY = "Cluster Lombardo Scienze della Vita"
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2018, 4, 3, 7, 30, tzinfo=UTC)


def _row(status: AnnouncementStatus = AnnouncementStatus.DRAFT, *, promotional: bool = False, both: bool = True) -> (
    Announcement
):  # fmt: skip
    return Announcement(
        id=7,
        author_id=1,
        title_it="Technion: gli ultimi posti per la visita",
        text_it="Restano quattro posti per la visita al Technion di Haifa, il 16 maggio. Chi è interessato risponda "
        "entro venerdì 13 aprile alle 12.",
        title_en="Technion: the last places for the visit" if both else "",
        text_en="Four places are left for the visit to the Technion in Haifa on 16 May. If you want one, answer by "
        "Friday 13 April at noon." if both else "",
        fallback=Locale.ITALIAN,
        promotional=promotional,
        audience={},
        status=status,
        recipients=0 if status is AnnouncementStatus.DRAFT else 143,
        created_at=NOW,
        started_at=None if status is AnnouncementStatus.DRAFT else NOW + timedelta(minutes=6),
    )  # fmt: skip


def _aim(t: Texts, *, both: bool = True) -> Aim:
    sector = "Farmaceutica e terapie avanzate" if t.locale is Locale.ITALIAN else "Pharma & advanced therapies"
    return Aim(
        _row(both=both),
        [Chosen(Facet.SECTOR, [sector]), Chosen(Facet.MISSION, [], ["MIXiii BIOMED 2018"])],
        Reach({Locale.ITALIAN: 140, Locale.ENGLISH: 3}, 5),
    )


@example("announce.write")
def _write(t: Texts) -> Form:
    return writing_form(None, default=Locale.ITALIAN, t=t)


@example("announce.audience")
def _audience(t: Texts) -> Screen:
    return audience(_aim(t, both=False), t=t)


@example("announce.facet")
def _facet(t: Texts) -> Screen:
    names = (
        ("Farmaceutica e terapie avanzate", "Dispositivi medici e diagnostica", "ICT per la salute")
        if t.locale is Locale.ITALIAN
        else ("Pharma & advanced therapies", "Medical devices & diagnostics", "ICT for health")
    )
    marks = (Mark.IN, Mark.OUT, Mark.OFF)
    found = [Choice(str(number), name, mark) for number, (name, mark) in enumerate(zip(names, marks, strict=True), 1)]
    return facet_page(_aim(t), Facet.SECTOR, found, 0, t=t)


@example("announce.preview")
def _preview(t: Texts) -> Screen:
    return preview(_row(promotional=True), Locale.ENGLISH, community=COMMUNITY, t=t, theirs=texts_for(Locale.ENGLISH))


@example("announce.confirm")
def _confirm(t: Texts) -> Screen:
    return confirm(_aim(t, both=False), t=t)


@example("announce.confirm_changed")
def _changed(t: Texts) -> Screen:
    return confirm(_aim(t), t=t, was=142)


@example("announce.delete")
def _delete(t: Texts) -> Screen:
    return delete_draft(_row(), t=t)


@example("announce.deleted")
def _deleted(t: Texts) -> Screen:
    return deleted(t=t)


@example("announce.sending")
def _sending(t: Texts) -> Screen:
    return progress_card(
        _row(AnnouncementStatus.SENDING),
        Totals(sent=61, failed=2, waiting=80, in_flight=1),
        timedelta(minutes=3),
        t=t,
    )


@example("announce.paused")
def _paused(t: Texts) -> Screen:
    return progress_card(_row(AnnouncementStatus.PAUSED), Totals(sent=61, failed=2, waiting=80), None, t=t)


@example("announce.stopped")
def _stopped(t: Texts) -> Screen:
    return progress_card(_row(AnnouncementStatus.STOPPED), Totals(sent=61, failed=2, cancelled=80), None, t=t)


@example("announce.done")
def _done(t: Texts) -> Screen:
    totals = Totals(sent=137, failed=2, uncertain=3, skipped=1)
    return progress_card(_row(AnnouncementStatus.DONE), totals, None, t=t)


@example("announce.results")
def _results(t: Texts) -> Screen:
    names = [
        NotReached("Davide Ferri", Platform.TELEGRAM, OutboxState.FAILED, "bot was blocked by the user"),
        NotReached("Marta Conti", Platform.TELEGRAM, OutboxState.UNCERTAIN, ""),
    ]
    totals = Totals(sent=141, failed=1, uncertain=1)
    return results(Results(_row(AnnouncementStatus.DONE), totals, names, 0, 1, worth_retrying=1), t=t)


@example("announce.list")
def _list(t: Texts) -> Screen:
    rows = [_row(AnnouncementStatus.SENDING), _row(AnnouncementStatus.DONE)]
    return all_announcements(Listed([_row()], rows, 0, 2), zone=ROME, t=t)


@example("announcement")
def _announcement(t: Texts) -> Screen:
    return as_read_by(_row(), t.locale, community=COMMUNITY, t=t)


@example("announcement_test")
def _test(t: Texts) -> Screen:
    return as_read_by(_row(promotional=True), t.locale, community=COMMUNITY, t=t)


@example("announcement_paused")
def _paused_by_itself(t: Texts) -> Screen:
    return paused_by_itself(_row(AnnouncementStatus.PAUSED), 21, t=t)


@example("announce.mute")
def _muted(t: Texts) -> Screen:
    return muted(t)
