"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import Texts
from handlers.knowhow.partnering import screens
from handlers.sheets.writing import SheetForm, table


@example("knowhow.een")
def een(t: Texts) -> Screen:
    """What can be passed on."""
    return screens.offered(14, t=t)


@example("knowhow.een_nothing")
def nothing(t: Texts) -> Screen:
    """Nobody shares anything with everybody yet."""
    return screens.offered(0, t=t)


@example("knowhow.een_file")
def een_file(t: Texts) -> Screen:
    """The file."""
    row = [
        "TO",
        "21",
        "Due campagne libere in suite di classe B",
        "A giugno e a settembre.",
        "",
        "GMP",
        "it",
        "",
        "2018-04-03",
        "",
    ]
    content = table(screens.headings(t), [row], SheetForm.CSV)
    return screens.file_screen(1, File("een.csv", SheetForm.CSV.mime, content), t=t)
