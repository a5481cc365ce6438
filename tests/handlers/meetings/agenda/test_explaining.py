"""Reasons and ways in as people read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.conversation.texts import texts_for
from handlers.meetings.agenda.agenda import Move, Opening, Reason, ReasonKind
from handlers.meetings.agenda.explaining import Explaining
from handlers.meetings.agenda.problem import Person, Problem, Request, Slot, Table
from storage.enums import Locale

TEL_AVIV = ZoneInfo("Asia/Jerusalem")


def problem(*, timed: bool = True) -> Problem:
    start = datetime(2018, 5, 16, 15, tzinfo=TEL_AVIV)
    return Problem(
        slots=tuple(
            Slot(
                id=str(number),
                start=start + timedelta(minutes=90 * number) if timed else None,
                end=start + timedelta(minutes=90 * number + 30) if timed else None,
            )
            for number in range(3)
        ),
        people=(Person(id="a", name="Anna Ferri"), Person(id="n", name="Noa Levin"), Person(id="o", name="Omer Katz")),
        tables=(Table(id="1"),),
        requests=(Request(id="an", participants=("a", "n")), Request(id="ao", participants=("a", "o"))),
    )


def said(reason: Reason, locale: Locale, *, timed: bool = True) -> list[str]:
    return Explaining(problem(timed=timed), texts_for(locale)).sentences("an", reason)


def test_times_that_ask_for_the_same_are_one_line() -> None:
    reason = Reason(
        kind=ReasonKind.PEOPLE_BUSY,
        slots=("2",),
        people=("a",),
        requests=("ao",),
        openings=(
            Opening(slot="0", people=("n",)),
            Opening(slot="1", people=("n",)),
            Opening(slot="2", another_table=True),
        ),
    )
    assert said(reason, Locale.ENGLISH) == [
        "There is one time that suits Anna Ferri and Noa Levin, already taken by another meeting of Anna Ferri.",
        "There would be room: Wednesday 16 May, 15:00 or 16:30. Noa Levin would have to be free.",
        "There would be room: Wednesday 16 May, 18:00. It takes one more table.",
    ]
    assert said(reason, Locale.ITALIAN) == [
        "C'è un solo orario buono per Anna Ferri e Noa Levin, già preso da un altro incontro di Anna Ferri.",
        "Ci sarebbe posto: mercoledì 16 maggio, 15:00 o 16:30. Dovrebbe liberarsi Noa Levin.",
        "Ci sarebbe posto: mercoledì 16 maggio, 18:00. Serve un tavolo in più.",
    ]


def test_who_moves_and_what_is_given_up_is_named() -> None:
    move = Move(id="ao", slot_before="0", table_before="1", slot="2", table="1")
    reason = Reason(
        kind=ReasonKind.NO_COMMON_SLOT,
        openings=(Opening(slot="0", people=("a", "n"), moves=(move,)), Opening(slot="1", instead_of=("ao",))),
    )
    assert said(reason, Locale.ITALIAN, timed=False) == [
        "Non c'è un orario in cui Anna Ferri e Noa Levin ci siano tutti.",
        (
            "Ci sarebbe posto: Turno 0. Dovrebbero liberarsi Anna Ferri e Noa Levin. "
            "Si sposterebbe l'incontro di Anna Ferri e Omer Katz: Turno 2."
        ),
        "Ci sarebbe posto: Turno 1. Salterebbe l'incontro di Anna Ferri e Omer Katz.",
    ]


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", list(ReasonKind))
def test_every_kind_has_its_sentence(kind: ReasonKind, locale: Locale) -> None:
    (sentence,) = said(Reason(kind=kind, slots=("0", "1"), people=("a",), requests=("ao",)), locale)
    assert sentence.endswith(".")
    assert "Anna Ferri" in sentence
