"""Pictures and pages of an agenda, written to files."""

from pathlib import Path

from handlers.conversation.texts import texts_for
from handlers.meetings.agenda.agenda import Agenda
from handlers.meetings.agenda.problem import Problem
from storage.enums import Locale


def write_picture(problem: Problem, agenda: Agenda, path: Path, lang: Locale) -> None:
    """Draw into a .png or .svg file. Raises MissingExtra."""
    from handlers.meetings.agenda.drawing import picture

    path.write_bytes(picture(problem, agenda, kind=path.suffix.lower().removeprefix("."), t=texts_for(lang)))


def write_pages(problem: Problem, agenda: Agenda, path: Path, lang: Locale) -> None:
    """One .pdf file with everything, or a folder with people.pdf and tables.pdf. Raises MissingExtra."""
    from handlers.meetings.agenda.printing import pages

    t = texts_for(lang)
    if path.suffix.lower() == ".pdf":
        path.write_bytes(pages(problem, agenda, t))
        return
    path.mkdir(exist_ok=True)
    (path / "people.pdf").write_bytes(pages(problem, agenda, t, tables=False))
    (path / "tables.pdf").write_bytes(pages(problem, agenda, t, people=False))
