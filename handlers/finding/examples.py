"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.screen import Screen, press
from handlers.conversation.texts import Texts
from handlers.finding import screens
from handlers.finding.carried import Asked
from handlers.finding.screens import Choice, Line, Results, Way
from storage.enums import SubjectKind
from storage.queries.search import Filters

ASKED = Asked("validazione software")


def _lines(t: Texts) -> list[Line]:
    return [
        Line(
            "Un software che suggerisce la dose: classe IIa o IIb?",
            t(
                "{kind}, {author}, {day}",
                kind=t("Best practice"),
                author="Gabriele Rezzani, Lariosense",
                day="lun 22 gen",
            ),
            [("Oggi, con la direttiva, il ", False), ("software", True), (" è in classe I…", False)],
            press("post.open", 12),
        ),
        Line(
            "Officina FHIR: un giorno, un dispositivo, una cartella clinica",
            t("Event, {when}, {place}", when="gio 26 apr, 09:30", place="Brescia"),
            [("Si arriva con un dispositivo e si torna con un profilo ", False), ("validato", True), (".", False)],
            press("event.open", 4),
        ),
        Line(
            "MIXiii BIOMED 2018",
            t("Mission, {place}, {days}", place="Tel Aviv", days="14–17 maggio 2018"),
            [("Quattro giorni nel posto dove medicina, dati e ingegneria si parlano.", False)],
            press("mission.show", 1, "sheet"),
        ),
    ]


@example("finding.found")
def found(t: Texts) -> Screen:
    """Things of all kinds, the second page."""
    return screens.found(Results(asked=Asked(ASKED.words, page=1), lines=_lines(t), total=13), t)


@example("finding.found_narrowed")
def found_narrowed(t: Texts) -> Screen:
    """With filters, a correction and words left out."""
    filters = Filters(kind=SubjectKind.POST, subkind=1, sector_id=3, topic_id=8, still_open=True, mine=True)
    results = Results(
        asked=Asked("validazoine software", filters),
        lines=_lines(t)[:1],
        total=600,
        more=True,
        shortened=True,
        corrected=[("validazoine", "validazione")],
        partly=True,
        kind=t("Best practice"),
        sector=t("ICT for health"),
        topic="FHIR",
        language=t("Italian"),
    )
    return screens.found(results, t)


@example("finding.nothing")
def nothing(t: Texts) -> Screen:
    """Nothing, with filters that may be the reason."""
    results = Results(asked=Asked("bioreattori monouso", Filters(sector_id=3)), sector=t("ICT for health"))
    ways = [
        Way(Choice(t("Without “{filter}”", filter=t("ICT for health")), Asked("bioreattori monouso")), 4),
        Way(Choice(t("Only “{word}”", word="monouso"), Asked("monouso", Filters(sector_id=3))), 2),
    ]
    return screens.nothing_found(results, "bioreattori monouso?", ways, t)


@example("finding.nothing_for_guest")
def nothing_for_guest(t: Texts) -> Screen:
    """Nothing, for a guest of a mission."""
    return screens.nothing_found(Results(asked=Asked("bioreattori"), member=False), "bioreattori", [], t)


@example("finding.kinds")
def kinds(t: Texts) -> Screen:
    """What to narrow it down to."""
    choices = [
        Choice(t("All kinds"), ASKED),
        Choice(t("Know-how"), ASKED.narrowed(kind=SubjectKind.POST)),
        Choice(t("Events"), ASKED.narrowed(kind=SubjectKind.EVENT)),
        Choice(t("Missions"), ASKED.narrowed(kind=SubjectKind.MISSION)),
    ]
    return screens.choose(t("What shall it be?"), choices, ASKED, t)


@example("finding.topics")
def topics(t: Texts) -> Screen:
    """The topics of what was found."""
    choices = [Choice(t("All topics"), ASKED), Choice("MDR (3)", ASKED.narrowed(topic_id=8))]
    return screens.choose(t("Which topic?"), choices, ASKED, t)


@example("finding.what_to_find")
def what_to_find(t: Texts) -> Screen:
    """How to search."""
    return screens.what_to_find(member=True, t=t)


@example("finding.a_file")
def a_file(t: Texts) -> Screen:
    """A file out of the blue."""
    return screens.a_file(t)


@example("finding.not_yet")
def not_yet(t: Texts) -> Screen:
    """Plain words from somebody who cannot search."""
    return screens.not_yet("dispositivi", t)
