"""Screens as Telegram draws them: bubbles with their keyboards, and a form as the talk that asks for it."""

from html.parser import HTMLParser

from telegram import InlineKeyboardButton

from bot.gallery.markup import Html, escaped, joined, link, picture, size, tag
from bot.gallery.samples import TODAY, sample_values
from bot.platforms.telegram.rendering import Part, PartKind, markup, render
from handlers.conversation.form import Form
from handlers.conversation.screen import File, Screen
from handlers.conversation.talk import question, summary
from handlers.conversation.texts import Texts

SAMPLE_DRAFT = 1


def draw(shown: Screen) -> Html:
    """A screen."""
    return joined(*(_bubble(part) for part in render(shown)))


def talk_screens(form: Form, t: Texts) -> list[Screen]:
    """The first question of the talk, and its end."""
    first = question(form, form.fields[0], {}, draft=SAMPLE_DRAFT, t=t, today=TODAY)
    return [first, summary(form, sample_values(form, t), draft=SAMPLE_DRAFT, t=t)]


def draw_form(form: Form, t: Texts) -> Html:
    """The talk, from its first question to its summary."""
    return joined(*(tag("div", "tg-step", draw(one)) for one in talk_screens(form, t)))


def _bubble(part: Part) -> Html:
    body = tag("div", "tg-text", _formatted(part.html)) if part.html else None
    attached = _attached(part.kind, part.file) if part.file is not None else None
    rows = [
        tag("div", "tg-row", *(_button(button) for button in row))
        for row in markup(part.keyboard).inline_keyboard
        if row
    ]
    bubble = tag("div", "tg-bubble", attached, body)
    return tag("div", "tg-message", bubble, tag("div", "tg-keyboard", *rows) if rows else None)


def _attached(kind: PartKind, file: File) -> Html:
    if kind is PartKind.PHOTO:
        return picture(file.content, file.mime, file.name, "tg-photo")
    about = size(len(file.content)) if file.content else ""
    words = joined(tag("b", "", file.name), tag("small", "", about))
    return tag("div", "tg-file", tag("span", "tg-file-mark", "📄"), tag("span", "tg-file-words", words))


def _button(button: InlineKeyboardButton) -> Html:
    label = joined(str(button.text), tag("span", "tg-out", "↗") if button.url else None)
    if button.url:
        return link(button.url, "tg-button", label)
    style = f" tg-{button.style}" if button.style else ""
    return tag("span", f"tg-button{style}", label, title=str(button.callback_data))


class _Reader(HTMLParser):
    """Takes Telegram's HTML apart and puts it together again, with nothing in it but bold text and links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Html] = []
        self._links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin bold text or a link."""
        if tag == "b":
            self.parts.append(Html("<b>"))
        elif tag == "a":
            opening = link(dict(attrs).get("href") or "").removesuffix("</a>")
            self._links.append(opening.startswith("<a"))
            if self._links[-1]:
                self.parts.append(Html(opening))

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == "b":
            self.parts.append(Html("</b>"))
        elif tag == "a" and self._links and self._links.pop():
            self.parts.append(Html("</a>"))

    def handle_data(self, data: str) -> None:
        """Keep words."""
        self.parts.append(escaped(data))


def _formatted(source: str) -> Html:
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return joined(*reader.parts)
