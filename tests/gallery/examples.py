"""All examples, as the screens and forms that they make."""

from collections.abc import Iterator

from bot.gallery.telegram import talk_screens
from handlers.conversation.actions import REGISTRY
from handlers.conversation.form import FieldKind, Form
from handlers.conversation.screen import Button, Screen, plain
from handlers.conversation.texts import texts_for
from handlers.router import load_features
from storage.enums import Locale

load_features()


def made(locale: Locale) -> Iterator[tuple[str, Screen | Form]]:
    """Every example in a language, by name."""
    t = texts_for(locale)
    for name, example in sorted(REGISTRY.examples.items()):
        yield name, example.build(t)


def messages(locale: Locale) -> Iterator[tuple[str, Screen]]:
    """Everything that is sent as a message where forms are talks."""
    for name, one in made(locale):
        if isinstance(one, Screen):
            yield name, one
        else:
            for step in talk_screens(one, texts_for(locale)):
                yield f"{name} as a talk", step


def as_text(one: Screen | Form) -> str:
    """What somebody reads, and can press or fill in."""
    return _screen(one) if isinstance(one, Screen) else _form(one)


def _screen(shown: Screen) -> str:
    lines = [plain(shown)] if shown.blocks else []
    if shown.summary and shown.summary not in plain(shown):
        lines.append(f"(notification: {shown.summary})")
    lines += [f"[file {file.name}]" for file in shown.files]
    for row in shown.rows:
        lines.append(
            " ".join(f"[{one.label}]" if isinstance(one, Button) else f"[{one.label} → {one.url}]" for one in row)
        )
    return "\n".join(lines)


def _form(form: Form) -> str:
    lines = [form.title, *([form.intro] if form.intro else [])]
    for field in form.fields:
        kind = f"{field.kind}, a day" if field.kind is FieldKind.WHEN and field.date_only else str(field.kind)
        lines.append(f"* {field.label} ({kind}{'' if field.required else ', optional'})")
        lines += [f"    {line}" for line in field.hint.splitlines()]
        lines += [f"    - {option.label}" for option in field.options]
        if field.initial not in (None, "", []):
            lines.append(f"    = {field.initial}")
    return "\n".join([*lines, f"[{form.submit}]"])
