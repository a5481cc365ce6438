"""The Italian lexicon."""

from .lexicon import Lexicon
from .meaning import CalendarUnit, DayPart, Span, Which

_UNITS = ("", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")
_TEENS = (
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
)
_TENS = {20: "venti", 30: "trenta", 40: "quaranta", 50: "cinquanta"}


def _numbers() -> dict[str, int]:
    """0 to 59 in words; before "uno" and "otto" the ten loses its last vowel."""
    numbers = {"zero": 0}
    numbers |= {word: value for value, word in enumerate(_UNITS) if value}
    numbers |= {word: value for value, word in enumerate(_TEENS, 10)}
    for ten, word in _TENS.items():
        numbers[word] = ten
        for unit in range(1, 10):
            stem = word[:-1] if unit in {1, 8} else word
            numbers[stem + _UNITS[unit]] = ten + unit
        numbers[f"{word[:-1]}un"] = ten + 1
    return numbers


_MONTHS = (
    ("gennaio", "gen"),
    ("febbraio", "feb", "febb"),
    ("marzo", "mar"),
    ("aprile", "apr"),
    ("maggio", "mag"),
    ("giugno", "giu"),
    ("luglio", "lug"),
    ("agosto", "ago"),
    ("settembre", "set", "sett"),
    ("ottobre", "ott"),
    ("novembre", "nov"),
    ("dicembre", "dic"),
)
_WEEKDAYS = (
    ("lunedi", "lun"),
    ("martedi", "mar"),
    ("mercoledi", "mer"),
    ("giovedi", "gio"),
    ("venerdi", "ven"),
    ("sabato", "sab"),
    ("domenica", "dom"),
)
_MORNING = (
    "di mattina",
    "della mattina",
    "del mattino",
    "di mattino",
    "mattina",
    "la mattina",
    "in mattinata",
    "al mattino",
)
_AFTERNOON = ("di pomeriggio", "del pomeriggio", "pomeriggio", "il pomeriggio", "nel pomeriggio", "al pomeriggio")
_EVENING = ("di sera", "della sera", "sera", "la sera", "in serata", "alla sera")
_NIGHT = ("di notte", "della notte", "notte", "la notte", "nella notte")

ITALIAN = Lexicon(
    months={name: number for number, names in enumerate(_MONTHS, 1) for name in names},
    weekdays={name: number for number, names in enumerate(_WEEKDAYS) for name in names},
    cardinals=_numbers(),
    ordinals={"primo": 1},
    one_article={"un": 1, "un'": 1, "una": 1},
    day_prepositions=dict.fromkeys(("di", "del", "dello", "della", "dell'", "per", "nel", "nella")),
    day_articles=dict.fromkeys(("il", "lo", "la", "l'", "giorno", "il giorno")),
    deadline_prepositions={"entro": None},
    of=dict.fromkeys(("di", "del", "d'")),
    relative_days={
        "oggi": 0,
        "domani": 1,
        "dopodomani": 2,
        "dopo domani": 2,
        "ieri": -1,
        "l' altro ieri": -2,
        "ieri l' altro": -2,
        "altroieri": -2,
        "l' altroieri": -2,
    },
    days_with_part={
        "stamattina": (0, DayPart.MORNING),
        "stamani": (0, DayPart.MORNING),
        "stamane": (0, DayPart.MORNING),
        "questa mattina": (0, DayPart.MORNING),
        "questo pomeriggio": (0, DayPart.AFTERNOON),
        "stasera": (0, DayPart.EVENING),
        "questa sera": (0, DayPart.EVENING),
        "stanotte": (0, DayPart.NIGHT),
        "questa notte": (0, DayPart.NIGHT),
        "domattina": (1, DayPart.MORNING),
    },
    which_before={
        "prossimo": Which.NEXT,
        "prossima": Which.NEXT,
        "questo": Which.THIS,
        "questa": Which.THIS,
        "scorso": Which.LAST,
        "scorsa": Which.LAST,
    },
    which_after={
        "prossimo": Which.NEXT,
        "prossima": Which.NEXT,
        "scorso": Which.LAST,
        "scorsa": Which.LAST,
    },
    weeks={
        "questa settimana": 0,
        "prossima settimana": 1,
        "settimana prossima": 1,
        "settimana scorsa": -1,
        "scorsa settimana": -1,
    },
    months_from_now={"questo mese": 0, "mese corrente": 0, "prossimo mese": 1, "mese prossimo": 1},
    vague_spans={
        "fine settimana": (Span.WEEKEND, 0),
        "questo fine settimana": (Span.WEEKEND, 0),
        "questo weekend": (Span.WEEKEND, 0),
        "prossimo fine settimana": (Span.WEEKEND, 1),
        "prossimo weekend": (Span.WEEKEND, 1),
    },
    month_ends=dict.fromkeys(("fine mese", "la fine mese", "fine del mese", "la fine del mese")),
    parts=dict.fromkeys(_MORNING, DayPart.MORNING)
    | dict.fromkeys(_AFTERNOON, DayPart.AFTERNOON)
    | dict.fromkeys(_EVENING, DayPart.EVENING)
    | dict.fromkeys(_NIGHT, DayPart.NIGHT),
    hour_prepositions=dict.fromkeys(("per", "entro")),
    hour_intros=dict.fromkeys(("alle", "all'", "alle ore", "ore", "le", "le ore", "h", "delle", "delle ore")),
    hour_phrases={"una": 1, "l' una": 1, "all' una": 1, "dell' una": 1},
    named_time_articles=dict.fromkeys(("a", "la", "il", "di", "del", "della", "alla")),
    noon={"mezzogiorno": None, "mezzodi": None},
    midnight={"mezzanotte": None},
    hour_marks={"h": None},
    exact_marks=dict.fromkeys(("in punto", "esatte")),
    meridiems={},
    and_minutes={"e": None},
    minus_minutes={"meno": None},
    past_hour={},
    to_hour={},
    fractions_after_hour={"mezza": 30, "mezzo": 30, "un quarto": 15, "tre quarti": 45},
    fractions_before_hour={},
    minute_words={"minuti": None},
    duration_prepositions=dict.fromkeys(("tra", "fra", "entro")),
    from_now=dict.fromkeys(("da ora", "da adesso", "da oggi")),
    ago={"fa": None},
    clock_units={"minuto": 1, "minuti": 1, "min": 1, "ora": 60, "ore": 60, "h": 60},
    calendar_units={
        "giorno": CalendarUnit.DAY,
        "giorni": CalendarUnit.DAY,
        "gg": CalendarUnit.DAY,
        "settimana": CalendarUnit.WEEK,
        "settimane": CalendarUnit.WEEK,
        "mese": CalendarUnit.MONTH,
        "mesi": CalendarUnit.MONTH,
        "anno": CalendarUnit.YEAR,
        "anni": CalendarUnit.YEAR,
    },
    and_duration={"e": None},
    duration_halves={"mezza": None, "mezzo": None},
    fixed_durations={
        "mezz' ora": 30,
        "mezzora": 30,
        "mezza ora": 30,
        "un quarto d' ora": 15,
        "tre quarti d' ora": 45,
    },
    # "Fra otto giorni" is a week and "fra quindici giorni" two, to many; the days themselves, to others.
    inclusive_counts={"giorni": frozenset({8, 15}), "gg": frozenset({8, 15})},
    zone_intros=dict.fromkeys(("ora di", "ora", "l' ora di", "ora d'", "fuso di", "fuso orario di")),
    zone_outros={},
)
