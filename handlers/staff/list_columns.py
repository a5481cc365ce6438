"""The columns of lists of members and organisations: what they are called, and what may stand in them.

A new column is one entry of ``COLUMNS`` here, and where it is kept, in :mod:`storage.queries.lists`. What is read,
compared, shown and written follows from that.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.conversation.answers import clean, fold
from handlers.sheets.cells import CellValue, text_of
from storage.enums import ListKind, Locale, OrganisationCategory

LONGEST_LINE = 200
LONGEST_PROSE = 3000
LONGEST_KEY = 60
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
"""Good enough to tell an address from a slip; whether it exists only a message tells."""
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
VAT = re.compile(r"[A-Z0-9]{5,20}")
CATEGORIES: Mapping[OrganisationCategory, tuple[str, str]] = {
    OrganisationCategory.COMPANY: ("azienda", "company"),
    OrganisationCategory.UNIVERSITY: ("università", "university"),
    OrganisationCategory.HOSPITAL: ("ospedale", "hospital"),
    OrganisationCategory.RESEARCH: ("ente di ricerca", "research body"),
    OrganisationCategory.AGENCY: ("agenzia", "agency"),
}
"""In Italian and English, as they are written and understood in lists."""
LANGUAGES: Mapping[Locale, tuple[str, ...]] = {
    Locale.ITALIAN: ("it", "italiano", "italian"),
    Locale.ENGLISH: ("en", "inglese", "english"),
}


class CellProblem(ValueError):  # noqa: N818 - it is an answer about a cell, not a failure of the program
    """What stands in a cell cannot be used; ``code`` says why, one of :data:`~handlers.staff.list_faults.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What cells may name: sectors by what they are called, folded."""

    sectors: Mapping[str, str]


Reader = Callable[[str, Vocabulary], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        field: the name of its value.
        italian, english: its title in files that are written; understood in both languages.
        others: further titles that are understood, as ``plain`` makes them.
        read: gives the cell's value in its one form.
        required: whether a new row needs it.
        read_only: whether it is written for the reader and ignored when it comes back.
    """

    field: str
    italian: str
    english: str
    others: tuple[str, ...] = ()
    read: Reader = lambda text, _: text
    required: bool = False
    read_only: bool = False

    def title(self, locale: Locale) -> str:
        """Its title in a language."""
        return self.italian if locale is Locale.ITALIAN else self.english


def _line(text: str, _: Vocabulary) -> str:
    if len(text) > LONGEST_LINE:
        raise CellProblem("too_long")
    return clean(text, lines=False)


def _prose(text: str, _: Vocabulary) -> str:
    if len(text) > LONGEST_PROSE:
        raise CellProblem("too_long")
    return clean(text, lines=False)


def _key(text: str, _: Vocabulary) -> str:
    if len(text) > LONGEST_KEY:
        raise CellProblem("too_long")
    return text


def _email(text: str, _: Vocabulary) -> str:
    address = text.lower().removeprefix("mailto:")
    if len(address) > LONGEST_LINE or EMAIL.fullmatch(address) is None:
        raise CellProblem("no_email")
    return address


def _vat(text: str, _: Vocabulary) -> str:
    number = re.sub(r"[\s.-]", "", text).upper()
    if VAT.fullmatch(number) is None:
        raise CellProblem("no_vat")
    return number


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def _domains(text: str, _: Vocabulary) -> str:
    found = [part.lower().removeprefix("@").removeprefix("www.") for part in _parts(text)]
    if any(DOMAIN.fullmatch(one) is None for one in found):
        raise CellProblem("no_domain")
    return "; ".join(sorted(set(found)))


def _sectors(text: str, words: Vocabulary) -> str:
    # A sector's own name may hold a comma, so the whole is looked up first, then the parts.
    whole = words.sectors.get(fold(text))
    parts = [text] if whole else [part for part in re.split(r"[;\n]", text) if part.strip()]
    if not whole and any(fold(part) not in words.sectors for part in parts):
        parts = _parts(text)
    found = [words.sectors.get(fold(part)) for part in parts]
    if None in found:
        raise CellProblem("no_sector")
    return "; ".join(sorted({one for one in found if one is not None}))


def _category(text: str, _: Vocabulary) -> str:
    wanted = fold(text)
    for category, names in CATEGORIES.items():
        if wanted in {category.value, *(fold(name) for name in names)}:
            return category.value
    raise CellProblem("no_category")


def _language(text: str, _: Vocabulary) -> str:
    wanted = fold(text)
    for locale, names in LANGUAGES.items():
        if wanted in names:
            return locale.value
    raise CellProblem("no_language")


ID = Column("id", "Numero nel bot", "Number in the bot", ("id", "numero", "number"), _key)
EXTERNAL_ID = Column(
    "external_id",
    "Codice esterno",
    "External code",
    ("codice", "code", "external id", "id esterno", "codice socio"),
    _key,
)

COLUMNS: Mapping[ListKind, Sequence[Column]] = {
    ListKind.ORGANISATIONS: (
        ID,
        EXTERNAL_ID,
        Column(
            "name",
            "Nome",
            "Name",
            ("organizzazione", "organisation", "organization", "ragione sociale", "azienda", "ente", "company"),
            _line,
            required=True,
        ),
        Column("vat_number", "Partita IVA", "VAT number", ("p iva", "piva", "iva", "vat", "codice fiscale"), _vat),
        Column("category", "Categoria", "Category", ("tipo", "type", "tipologia"), _category, required=True),
        Column("city", "Città", "City", ("sede", "comune", "town"), _line),
        Column("domains", "Domini e-mail", "E-mail domains", ("domini", "dominio", "domains", "domain"), _domains),
        Column("sectors", "Settori", "Sectors", ("settore", "sector"), _sectors),
        Column("about_it", "Descrizione in italiano", "About in Italian", ("descrizione", "descrizione it"), _prose),
        Column("about_en", "Descrizione in inglese", "About in English", ("about", "description"), _prose),
    ),
    ListKind.MEMBERS: (
        ID,
        EXTERNAL_ID,
        Column(
            "name", "Nome e cognome", "Name", ("nome", "nominativo", "full name", "nome completo"), _line, required=True
        ),
        Column(
            "work_email",
            "E-mail di lavoro",
            "Work e-mail",
            ("e mail", "email", "mail", "posta elettronica", "indirizzo e mail", "email di lavoro", "work email"),
            _email,
        ),
        Column(
            "organisation",
            "Organizzazione",
            "Organisation",
            ("organization", "azienda", "ente", "company", "ragione sociale"),
            _line,
            required=True,
        ),
        Column("job_title", "Ruolo", "Role", ("job title", "mansione", "qualifica", "title", "position"), _line),
        Column("language", "Lingua", "Language", ("locale",), _language),
        Column("status", "Stato", "Status", ("situazione",), read_only=True),
    ),
}
"""In the order in which they are written; read in any order."""


def shown_as(field: str, value: str, locale: Locale, sectors: Mapping[str, str]) -> str:
    """A value as a file and a screen show it; ``sectors`` names them by their keys."""
    if field == "category" and value in set(OrganisationCategory):
        italian, english = CATEGORIES[OrganisationCategory(value)]
        return italian if locale is Locale.ITALIAN else english
    if field == "sectors":
        return "; ".join(sectors.get(key, key) for key in value.split("; ") if key)
    return value


def cell_text(value: CellValue) -> str:
    """A cell as text."""
    return text_of(value)
