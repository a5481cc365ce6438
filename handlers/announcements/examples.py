"""Every screen of announcements with example data, for the gallery and the snapshots."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.announcements.audience_screens import Aim, Choice, Chosen, audience, facet_page, part_page
from handlers.announcements.exporting import sheet
from handlers.announcements.extras import Extras, LinkButton
from handlers.announcements.names import part_name
from handlers.announcements.option_screens import Options, extras, options
from handlers.announcements.outlook import Outlook
from handlers.announcements.outlook_screens import outlook
from handlers.announcements.progress_screens import (
    Listed,
    Results,
    Shown,
    all_announcements,
    ask_to_resend,
    exported,
    paused_by_itself,
    progress_card,
    results,
)
from handlers.announcements.reader_screens import (
    Reader,
    as_read_by,
    chase,
    corrected,
    muted,
    my_topics,
    quieter,
    withdrawn,
)
from handlers.announcements.rules import Failures, Totals
from handlers.announcements.writing_form import writing_form
from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import Texts
from handlers.sheets.writing import SheetForm
from storage.audience import Facet, Mark, Match
from storage.enums import AnnouncementStatus, ChannelPost, Locale, OutboxState, Platform, RunPurpose, TopicLevel
from storage.models import Announcement, Topic
from storage.queries.audience import Reach
from storage.queries.outbox_results import NotReached, ResultRow
from storage.queries.outlook import Due

COMMUNITY = "Cluster Lombardo Scienze della Vita"
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2018, 4, 3, 7, 30, tzinfo=UTC)
FUNDING = Topic(id=1, key="funding", name_it="Bandi", name_en="Funding", position=0, active=True)
TRAINING = Topic(id=2, key="training", name_it="Formazione", name_en="Training", position=1, active=True)


def example_row(
    status: AnnouncementStatus = AnnouncementStatus.DRAFT, *, promotional: bool = False, both: bool = True
) -> Announcement:
    """An announcement as the examples show it."""
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
        topic="funding" if promotional else "",
        audience={},
        extras={},
        trial=False,
        channel=ChannelPost.NONE,
        asks_ack=False,
        chase_hours=0,
        chases=0,
        version=0,
        status=status,
        recipients=0 if status is AnnouncementStatus.DRAFT else 143,
        created_at=NOW,
        started_at=None if status is AnnouncementStatus.DRAFT else NOW + timedelta(minutes=6),
    )  # fmt: skip


def example_aim(t: Texts, *, both: bool = True, trial: bool = False) -> Aim:
    """Whom the examples' announcement is for."""
    sector = "Farmaceutica e terapie avanzate" if t.locale is Locale.ITALIAN else "Pharma & advanced therapies"
    reach = Reach({Locale.ITALIAN: 140, Locale.ENGLISH: 3}, unreachable=5)
    return Aim(
        example_row(both=both),
        [Chosen(Facet.SECTOR, [sector]), Chosen(Facet.MISSION, [], ["MIXiii BIOMED 2018"])],
        Reach({Locale.ITALIAN: 4}) if trial else reach,
        wanted_facets=1,
        later=reach if trial else None,
    )


def reader(t: Texts, *, acknowledged: bool = False, topic: Topic | None = None) -> Reader:
    """Somebody who reads the example's language."""
    return Reader(t.locale, ROME, topic, acknowledged)


@example("announce.write")
def _write(t: Texts) -> Form:
    return writing_form(None, default=Locale.ITALIAN, topics=[FUNDING, TRAINING], t=t)


@example("announce.audience")
def _audience(t: Texts) -> Screen:
    return audience(example_aim(t, both=False), t=t)


@example("announce.audience_any")
def _audience_any(t: Texts) -> Screen:
    topic = "Bandi" if t.locale is Locale.ITALIAN else "Funding"
    row = example_row(promotional=True)
    row.extras = Extras(links=(LinkButton("https://example.org/bando", "Leggi il bando", "Read the call"),)).to_json()
    row.asks_ack = True
    chosen = [Chosen(Facet.EVENT, ["Aperitivo"]), Chosen(Facet.TOPIC, [topic])]
    reach = Reach({Locale.ITALIAN: 87}, unreachable=2, no_consent=31, muted=6, in_channel=11)
    return audience(Aim(row, chosen, reach, Match.ANY, 2), t=t)


@example("announce.audience_trial")
def _audience_trial(t: Texts) -> Screen:
    return audience(example_aim(t, trial=True), t=t)


@example("announce.facet")
def _facet(t: Texts) -> Screen:
    names = (
        ("Farmaceutica e terapie avanzate", "Dispositivi medici e diagnostica", "ICT per la salute")
        if t.locale is Locale.ITALIAN
        else ("Pharma & advanced therapies", "Medical devices & diagnostics", "ICT for health")
    )
    marks = (Mark.IN, Mark.OUT, Mark.OFF)
    found = [Choice(str(number), name, mark) for number, (name, mark) in enumerate(zip(names, marks, strict=True), 1)]
    return facet_page(example_aim(t), Facet.SECTOR, found, 0, t=t)


@example("announce.facet_missions")
def _facet_missions(t: Texts) -> Screen:
    found = [Choice("1", "MIXiii BIOMED 2018", parts_marked=1, has_parts=True)]
    return facet_page(example_aim(t), Facet.MISSION, found, 0, t=t)


@example("announce.part")
def _part(t: Texts) -> Screen:
    marks = {"": Mark.OUT, "applied": Mark.OFF, "waiting": Mark.IN, "reserve": Mark.OFF, "declined": Mark.OFF}
    found = [
        Choice(f"1.{part}" if part else "1", part_name(part, Facet.MISSION, t), mark) for part, mark in marks.items()
    ]
    return part_page(example_aim(t), Facet.MISSION, "MIXiii BIOMED 2018", found, t=t)


def _with_extras() -> Announcement:
    row = example_row()
    picture = {"name": "technion.jpg", "mime": "image/jpeg", "platform": "web", "account": "web", "reference": "x"}
    links = [{"url": "https://example.org/technion", "it": "Programma", "en": "Programme"}]
    row.extras = {"picture": picture, "links": links}
    return row


@example("announce.extras")
def _extras(t: Texts) -> Screen:
    return extras(_with_extras(), t=t)


@example("announce.options")
def _options(t: Texts) -> Screen:
    row = example_row()
    row.channel, row.asks_ack, row.chase_hours = ChannelPost.INSTEAD, True, 48
    row.joins_until = NOW + timedelta(days=14)
    return options(Options(row, ["telegram"], ROME), t=t)


@example("announce.options_no_channel")
def _options_no_channel(t: Texts) -> Screen:
    return options(Options(example_row(), [], ROME), t=t)


# On its way and afterwards


@example("announce.sending")
def _sending(t: Texts) -> Screen:
    return progress_card(
        Shown(
            example_row(AnnouncementStatus.SENDING),
            Totals(sent=61, failed=3, waiting=60, in_flight=1),
            Failures(blocked=2, not_found=1),
            timedelta(minutes=3),
            to_queue=20,
        ),
        t=t,
    )


@example("announce.paused")
def _paused(t: Texts) -> Screen:
    totals = Totals(sent=61, failed=2, waiting=80)
    return progress_card(Shown(example_row(AnnouncementStatus.PAUSED), totals, Failures(blocked=2)), t=t)


@example("announce.stopped")
def _stopped(t: Texts) -> Screen:
    totals = Totals(sent=61, failed=2, cancelled=80)
    return progress_card(Shown(example_row(AnnouncementStatus.STOPPED), totals, Failures(other=2)), t=t)


@example("announce.done")
def _done(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.DONE)
    row.asks_ack, row.version, row.trial = True, 1, True
    totals = Totals(sent=137, failed=2, uncertain=3, skipped=1)
    follow_up = {RunPurpose.CORRECT: (137, 0)}
    return progress_card(Shown(row, totals, Failures(blocked=2), confirmed=98, follow_up=follow_up), t=t)


@example("announce.withdrawn")
def _withdrawn_card(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.WITHDRAWN)
    follow_up = {RunPurpose.WITHDRAW: (120, 17)}
    return progress_card(Shown(row, Totals(sent=137, cancelled=6), follow_up=follow_up), t=t)


@example("announce.results")
def _results(t: Texts) -> Screen:
    names = [
        NotReached("Davide Ferri", Platform.TELEGRAM, OutboxState.FAILED, "Forbidden: bot was blocked by the user"),
        NotReached("Marta Conti", Platform.TELEGRAM, OutboxState.UNCERTAIN, ""),
    ]
    totals = Totals(sent=141, failed=1, uncertain=1)
    row = example_row(AnnouncementStatus.DONE)
    return results(Results(row, totals, names, 0, 1, worth_retrying=1, failed=Failures(blocked=1)), t=t)


@example("announce.doubt")
def _doubt(t: Texts) -> Screen:
    return ask_to_resend(example_row(AnnouncementStatus.DONE), 3, t=t)


@example("announce.list")
def _list(t: Texts) -> Screen:
    rows = [example_row(AnnouncementStatus.SENDING), example_row(AnnouncementStatus.DONE)]
    return all_announcements(Listed([example_row()], rows, 0, 2), zone=ROME, owner=False, t=t)


@example("announce.list_trial")
def _list_trial(t: Texts) -> Screen:
    waiting = [example_row(), example_row(AnnouncementStatus.APPROVAL), example_row(AnnouncementStatus.PLANNED)]
    return all_announcements(Listed(waiting, [], trial=True), zone=ROME, owner=True, t=t)


@example("announce.outlook")
def _outlook(t: Texts) -> Screen:
    start = datetime(2018, 4, 10, 6, tzinfo=UTC)
    title = "Il Cluster incontra BIOMED" if t.locale is Locale.ITALIAN else "The cluster meets BIOMED"
    shown = Outlook(
        start,
        [Due("Technion", start + timedelta(minutes=30), 143)],
        digests=61,
        event_reminders=[Due(title, start + timedelta(minutes=30), 38)],
        deadlines=[Due("MIXiii BIOMED 2018", start + timedelta(minutes=10), 90)],
        meeting_reminders=4,
    )
    return outlook(shown, zone=ROME, t=t)


@example("announce.outlook_nothing")
def _outlook_nothing(t: Texts) -> Screen:
    return outlook(Outlook(datetime(2018, 4, 10, 6, tzinfo=UTC)), zone=ROME, t=t)


@example("announcement_paused")
def _paused_by_itself(t: Texts) -> Screen:
    return paused_by_itself(example_row(AnnouncementStatus.PAUSED), 21, t=t)


@example("announcement_export")
def _export(t: Texts) -> Screen:
    rows = [ResultRow("Anna Bianchi", "Istituto", Platform.WEB, OutboxState.SENT, "", NOW, None)]
    file = sheet(rows, SheetForm.CSV, name=t("results-{n}", n=7), zone=ROME, t=t)
    return exported(example_row().title_it if t.locale is Locale.ITALIAN else example_row().title_en, 1, file, t=t)


# For its readers


@example("announcement")
def _announcement(t: Texts) -> Screen:
    return as_read_by(example_row(AnnouncementStatus.SENDING), reader(t), community=COMMUNITY, t=t)


@example("announcement_test")
def _test(t: Texts) -> Screen:
    row = example_row(promotional=True)
    return as_read_by(row, reader(t, topic=FUNDING), community=COMMUNITY, t=t)


@example("announcement_full")
def _full(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.SENDING)
    file = File("programma.csv", "text/csv", b"ora,cosa\n09:00,Registrazione\n")
    row.extras = Extras(links=(LinkButton("https://example.org/technion", "Programma", "Programme"),)).to_json()
    row.asks_ack, row.version, row.corrected_at = True, 1, NOW
    shown = as_read_by(row, reader(t), community=COMMUNITY, t=t)
    return Screen(shown.blocks, shown.rows, (file,), shown.summary)


@example("announcement_confirmed")
def _confirmed(t: Texts) -> Screen:
    row = example_row(AnnouncementStatus.DONE)
    row.asks_ack, row.trial = True, True
    return as_read_by(row, reader(t, acknowledged=True), community=COMMUNITY, t=t)


@example("announcement_chase")
def _chase(t: Texts) -> Screen:
    return chase(example_row(AnnouncementStatus.DONE), t=t)


@example("announcement_corrected")
def _corrected(t: Texts) -> Screen:
    return corrected(example_row(AnnouncementStatus.DONE), t=t)


@example("announcement_withdrawn")
def _withdrawn(t: Texts) -> Screen:
    return withdrawn(example_row(AnnouncementStatus.WITHDRAWN), t=t)


@example("announce.mute")
def _muted(t: Texts) -> Screen:
    return muted(t)


@example("announce.less")
def _less(t: Texts) -> Screen:
    return quieter(FUNDING, t=t)


@example("announce.topics")
def _topics(t: Texts) -> Screen:
    return my_topics([FUNDING, TRAINING], {"training": TopicLevel.MUTED}, news=True, t=t)


@example("announce.topics_without_news")
def _topics_without_news(t: Texts) -> Screen:
    return my_topics([], {}, news=False, t=t)


# What is around sending registers with this module, which is the one that is looked for.
from handlers.announcements import sending_examples as sending_examples  # noqa: E402 - it needs what is above
