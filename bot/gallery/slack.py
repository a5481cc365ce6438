"""Block Kit as Slack draws it: messages, and a form as a modal."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.gallery.markup import Child, Html, joined, link, picture, size, tag
from bot.platforms.slack.markup import decoded
from bot.platforms.slack.modals import form_view
from bot.platforms.slack.rendering import render
from handlers.conversation.form import Form
from handlers.conversation.screen import File, Screen
from handlers.conversation.texts import Texts

Json = Mapping[str, Any]


class UnknownBlockError(LookupError):
    """The renderer made something that this page cannot draw: it must be taught."""


def draw(shown: Screen, name: str) -> Html:
    """A screen, as messages of an app of that name."""
    rendered = render(shown)
    first, *others = [joined(*(_block(block) for block in message.blocks)) for message in rendered.messages]
    head = tag("div", "sl-head", tag("b", "", name), tag("span", "sl-app", "APP"), tag("small", "", "09:00"))
    files = [_file(file) for file in rendered.files]
    body = tag("div", "sl-body", head, first, *(tag("div", "sl-next", other) for other in others), *files)
    return tag("div", "sl-message", tag("span", "sl-avatar", "◆"), body)


def draw_form(form: Form, t: Texts) -> Html:
    """A form as the modal that asks for it."""
    view = form_view(form, t)
    blocks = [_block(block) for block in view["blocks"]]
    title = tag("div", "sl-title", tag("b", "", _words(view["title"])), tag("span", "sl-close", "✕"))
    close = tag("span", "sl-button", _words(view["close"]))
    submit = tag("span", "sl-button sl-primary", _words(view["submit"]))
    return tag("div", "sl-modal", title, tag("div", "sl-content", *blocks), tag("div", "sl-foot", close, submit))


def _words(text: Json) -> str:
    return decoded(str(text["text"]))


def _block(block: Json) -> Html:
    match block["type"]:
        case "header":
            return tag("div", "sl-header", _words(block["text"]))
        case "rich_text":
            return joined(*(_rich(one) for one in block["elements"]))
        case "actions":
            return tag("div", "sl-actions", *(_button(one) for one in block["elements"]))
        case "section":
            accessory = block.get("accessory")
            words = tag("div", "sl-words", _words(block["text"]))
            return tag("div", "sl-section", words, _button(accessory) if accessory else None)
        case "input":
            return _input(block)
        case kind:
            raise UnknownBlockError(kind)


def _rich(part: Json) -> Html:
    match part["type"]:
        case "rich_text_section":
            return tag("p", "sl-text", *(_inline(one) for one in part["elements"]))
        case "rich_text_list":
            items = [tag("li", "", *(_inline(one) for one in item["elements"])) for item in part["elements"]]
            return tag("ul", "sl-list", *items)
        case kind:
            raise UnknownBlockError(kind)


def _inline(part: Json) -> Html:
    match part["type"]:
        case "text":
            words = str(part["text"])
            return tag("b", "", words) if (part.get("style") or {}).get("bold") else joined(words)
        case "link":
            return link(str(part["url"]), "sl-link", str(part["text"]))
        case kind:
            raise UnknownBlockError(kind)


def _button(button: Json) -> Html:
    classes = f"sl-button sl-{button['style']}" if "style" in button else "sl-button"
    if "url" in button:
        return link(str(button["url"]), classes, _words(button["text"]))
    return tag("span", classes, _words(button["text"]), title=str(button["value"]))


def _file(file: File) -> Html:
    if file.mime.startswith("image/"):
        return picture(file.content, file.mime, file.name, "sl-picture")
    about = size(len(file.content)) if file.content else ""
    return tag(
        "div", "sl-file", tag("span", "", "📄"), tag("span", "", tag("b", "", file.name), tag("small", "", about))
    )


# Inputs


def _input(block: Json) -> Html:
    optional = tag("small", "", " (optional)") if block.get("optional") else None
    label = tag("div", "sl-label", _words(block["label"]), optional)
    hint = tag("div", "sl-hint", _words(block["hint"])) if "hint" in block else None
    return tag("div", "sl-input", label, _control(block["element"]), hint)


def _control(control: Json) -> Html:
    match control["type"]:
        case "plain_text_input":
            classes = "sl-box sl-tall" if control.get("multiline") else "sl-box"
            return tag("div", classes, str(control.get("initial_value", "")))
        case "number_input":
            return tag("div", "sl-box", str(control.get("initial_value", "")))
        case "datepicker":
            return tag("div", "sl-box sl-short", f"📅 {control.get('initial_date', '…')}")
        case "timepicker":
            return tag("div", "sl-box sl-short", f"🕒 {control.get('initial_time', '…')}")
        case "static_select" | "multi_static_select":
            return _select(control)
        case "radio_buttons":
            return _options(control["options"], [control.get("initial_option")], "◉", "○")
        case "checkboxes":
            return _options(control["options"], control.get("initial_options", []), "☑", "☐")
        case "file_input":
            return tag("div", "sl-box sl-short", "⬆ …")
        case kind:
            raise UnknownBlockError(kind)


def _select(control: Json) -> Html:
    groups = control.get("option_groups") or [{"options": control.get("options", [])}]
    options = [option for group in groups for option in group["options"]]
    chosen = [control["initial_option"]] if "initial_option" in control else control.get("initial_options", [])
    words = ", ".join(_words(one["text"]) for one in chosen) or "…"
    listed: list[Child] = [tag("li", "", _words(option["text"])) for option in options]
    return tag("details", "sl-select", tag("summary", "sl-box", words), tag("ul", "", *listed))


def _options(options: Sequence[Json], chosen: Sequence[Json | None], full: str, empty: str) -> Html:
    values = {one["value"] for one in chosen if one is not None}
    rows: list[Child] = [
        tag("div", "sl-option", f"{full if one['value'] in values else empty} {_words(one['text'])}") for one in options
    ]
    return tag("div", "sl-options", *rows)
