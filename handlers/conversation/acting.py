"""Acting for somebody: what one of the staff does for a quarter of an hour is done as that person.

What is drawn meanwhile is marked: every button carries the session's number, every window too. So a button that was
drawn for the staff themselves does what it did for them, and one that was drawn while acting does nothing any more when
the session is over: it never falls back on who presses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.conversation.form import Form
from handlers.conversation.screen import MAX_ACTION_BYTES, AnyButton, Bold, Button, Para, Screen, Style, press
from handlers.conversation.texts import Texts
from storage.models import Person

PREFIX = "as"
"""What a marked action begins with: ``as:12:event.rsvp:7:going``."""
MARKED = re.compile(rf"{PREFIX}:(\d{{1,12}}):(.+)", re.DOTALL)
WINDOW = "acting"
"""The key of a form's context under which a window carries the session's number."""
TOO_LONG = "staff.toolong"
"""The action of a button whose own would not fit with the mark."""
STOP = "staff.stop"


@dataclass(frozen=True, slots=True)
class Acting:
    """A session that is open.

    Attributes:
        id: its number.
        staff: who acts.
        person: the name of whom they act for.
    """

    id: int
    staff: Person
    person: str


def mark(action: str, session_id: int) -> str:
    """The action's text with the session's number before it."""
    marked = f"{PREFIX}:{session_id}:{action}"
    return marked if len(marked.encode()) <= MAX_ACTION_BYTES else press(TOO_LONG)


def unmark(action: str) -> tuple[int, str]:
    """The session's number, 0 where there is none, and the action itself."""
    found = MARKED.fullmatch(action)
    return (int(found[1]), found[2]) if found else (0, action)


def unmark_context(context: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """The same of a window's context."""
    number = context.get(WINDOW, "")
    rest = {key: value for key, value in context.items() if key != WINDOW}
    return (int(number) if number.isascii() and number.isdecimal() and len(number) <= 12 else 0), rest


def banner(person: str, t: Texts) -> str:
    """What stands above everything that is drawn meanwhile."""
    return t("You are acting for {name}", name=person)


def drawn(shown: Screen, acting: Acting, t: Texts) -> Screen:
    """A screen as it is drawn while acting: with the banner, marked buttons, and one to stop."""

    def marked(button: AnyButton) -> AnyButton:
        return replace(button, action=mark(button.action, acting.id)) if isinstance(button, Button) else button

    stop = Button(t("Stop acting for {name}", name=acting.person[:40]), press(STOP), Style.DANGER)
    rows = (*(tuple(marked(button) for button in row) for row in shown.rows), (stop,))
    line = banner(acting.person, t)
    return replace(shown, rows=rows, name="", summary=f"{line}: {shown.line}").preceded_by(Para((Bold(f"⚠️ {line}"),)))


def window(form: Form, acting: Acting, t: Texts) -> Form:
    """A form as it is opened in a window while acting."""
    line = banner(acting.person, t)
    context = {**form.context, WINDOW: str(acting.id)}
    return replace(form, context=context, intro=f"{line}. {form.intro}".strip())
