"""A form's fields as HTML inputs, and the values that come back from them.

The inputs keep their values in the browser (``defaultValue``, never ``value``), so that redrawing the page around
them, to show an error, loses nothing. Rules are not checked here: the handler that asked does that, for every platform.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.platforms.webchat.elements import Attributes, Node, icon
from bot.platforms.webchat.payloads import ACCOUNT
from handlers.conversation.form import Field, FieldKind, Form, Value, Values
from handlers.conversation.texts import Texts
from storage.enums import Platform

MAX_RADIOS = 6
"""More options than these are a list that unfolds."""


# --- values


def read_values(form: Form, raw: Any) -> Values:
    """What was filled in, by field; a field left empty is ``None``, or no choices.

    ``raw`` is what the page collected: for each input's name the list of its values.
    """
    collected: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    return {field.name: _read(field, _strings(collected.get(field.name))) for field in form.fields}


def initial_values(form: Form) -> Values:
    """What the inputs hold before anybody touches them, as :func:`read_values` would read it."""
    return {field.name: _read(field, _initial_strings(field)) for field in form.fields}


def _strings(data: Any) -> list[str]:
    return [one for one in data if isinstance(one, str)] if isinstance(data, list) else []


def _read(field: Field, given: Sequence[str]) -> Value:
    if field.kind is FieldKind.CHOICES:
        return [one for one in given if one]
    first = given[0].replace("\r\n", "\n") if given else ""
    if not first.strip():
        return None
    match field.kind:
        case FieldKind.NUMBER:
            return _number(first.strip())
        case FieldKind.WHEN:
            return f"{first[:10]}T00:00" if field.date_only else first[:16]
        case FieldKind.FILE:
            return _file(first, field)
        case _:
            return first


def _number(text: str) -> Value:
    try:
        return int(text)
    except ValueError:
        return text  # the handler says what is wrong with it


def _file(text: str, field: Field) -> Value:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    if data == field.initial:
        return field.initial  # begun on another platform, which keeps the file
    if not isinstance(data, dict) or not isinstance(data.get("reference"), str):
        return None
    size = data.get("size")
    # Whatever a browser sends, all it can name is an upload.
    return {
        "platform": Platform.WEB.value,
        "account": ACCOUNT,
        "reference": data["reference"],
        "name": str(data.get("name", "")),
        "mime": str(data.get("mime", "")),
        "size": size if isinstance(size, int) else 0,
    }


def _initial_strings(field: Field) -> list[str]:
    initial = field.initial
    match initial:
        case None:
            return []
        case dict():
            return [json.dumps(initial)]
        case list():
            known = [option.value for option in field.options]
            return [one for one in known if one in initial]
        case _ if field.kind is FieldKind.WHEN and field.date_only:
            return [str(initial)[:10]]
        case _:
            return [str(initial)]


# --- inputs


class FieldInput:
    """One field on the page: question, input, hint, error."""

    def __init__(self, field: Field, t: Texts) -> None:
        self._field = field
        self.t = t
        self._first = next(iter(_initial_strings(field)), "")
        self._grouped = field.kind is FieldKind.CHOICES or (
            field.kind is FieldKind.CHOICE and len(field.options) <= MAX_RADIOS
        )
        self.element = Node("fieldset" if self._grouped else "div", "field", attributes={"data-field": field.name})
        with self.element:
            self._label = Node("legend" if self._grouped else "label", "field-label")
            with self._label:
                Node("span", text=field.label)
                if field.required:
                    Node("span", "required", "*", {"aria-hidden": "true"})
                    Node("span", "unseen", t("(required)"))
                else:
                    Node("span", "optional", t("optional"))
            hint = self._hint_text()
            self._hint = Node("p", "field-hint", hint) if hint else None
            self._error = Node("p", "field-error")
            self._control = self._draw()
        if not self._grouped:
            self._label.props["for"] = self._control.html_id
        self._describe(wrong=False)

    def show_error(self, text: str) -> None:
        """Say what is wrong with the answer; nothing when the text is empty."""
        self._error.say(text)
        self._describe(wrong=bool(text))
        if text:
            self.element.classes(add="field-wrong")
        else:
            self.element.classes(remove="field-wrong")

    def _describe(self, *, wrong: bool) -> None:
        described = [self._hint.html_id] if self._hint else []
        described += [self._error.html_id] if wrong else []
        target = self.element if self._grouped else self._control
        target.props.set_optional("aria-describedby", " ".join(described) or None)
        self._control.props.set_optional("aria-invalid", "true" if wrong else None)

    def _hint_text(self) -> str:
        if self._field.kind is not FieldKind.WHEN or self._field.date_only:
            return self._field.hint
        zone = self.t("Local time in {city}.", city=self.t.city(ZoneInfo(self._field.zone)))
        return f"{self._field.hint} {zone}".strip()

    def _attributes(self, **more: Any) -> Attributes:
        required = "true" if self._field.required else None
        return {"name": self._field.name, "aria-required": required, **more}

    def _draw(self) -> Node:
        field = self._field
        match field.kind:
            case FieldKind.LINE:
                limits = self._attributes(type="text", maxlength=field.length_limit, defaultValue=self._first)
                return Node("input", "input", attributes=limits)
            case FieldKind.TEXT:
                limits = self._attributes(rows=4, maxlength=field.length_limit, defaultValue=self._first)
                return Node("textarea", "input", attributes=limits)
            case FieldKind.NUMBER:
                limits = self._attributes(
                    type="number",
                    min=field.minimum,
                    max=field.maximum,
                    step=1,
                    inputmode="numeric",
                    defaultValue=self._first,
                )
                return Node("input", "input input-short", attributes=limits)
            case FieldKind.WHEN:
                kind = "date" if field.date_only else "datetime-local"
                return Node(
                    "input", "input input-short", attributes=self._attributes(type=kind, defaultValue=self._first)
                )
            case FieldKind.CHOICE if not self._grouped:
                return self._select()
            case FieldKind.CHOICE:
                return self._options("radio", {self._first})
            case FieldKind.CHOICES:
                return self._options("checkbox", set(_initial_strings(field)))
            case FieldKind.PERSON:
                return self._combobox()
            case FieldKind.FILE:
                return self._file_input()

    def _select(self) -> Node:
        with Node("select", "input", attributes=self._attributes()) as select:
            Node("option", text=self.t("Choose…"), attributes={"value": ""})
            for option in self._field.options:
                chosen = option.value == self._first or None
                Node("option", text=option.label, attributes={"value": option.value, "defaultSelected": chosen})
        return select

    def _options(self, kind: str, chosen: set[str]) -> Node:
        with Node("div", "options") as group:
            for option in self._field.options:
                with Node("label", "option"):
                    attributes = {
                        "type": kind,
                        "name": self._field.name,
                        "value": option.value,
                        "defaultChecked": (option.value in chosen) or None,
                    }
                    Node("input", attributes=attributes)
                    Node("span", text=option.label)
        return group

    def _combobox(self) -> Node:
        field = self._field
        with Node("div", "combo", attributes={"data-combo": ""}):
            label = field.label_of(self._first) if self._first else ""
            control = Node(
                "input",
                "input",
                attributes={
                    "type": "text",
                    "role": "combobox",
                    "autocomplete": "off",
                    "spellcheck": "false",
                    "aria-autocomplete": "list",
                    "aria-expanded": "false",
                    "aria-required": "true" if field.required else None,
                    "placeholder": self.t("Type part of a name"),
                    "defaultValue": label,
                },
            )
            Node("input", attributes={"type": "hidden", "name": field.name, "defaultValue": self._first})
            with Node(
                "ul", "listbox", attributes={"role": "listbox", "hidden": True, "aria-label": field.label}
            ) as listed:
                for option in field.options:
                    Node("li", "listed", option.label, {"role": "option", "data-value": option.value})
            control.props["aria-controls"] = listed.html_id
        return control

    def _file_input(self) -> Node:
        initial = self._field.initial
        name = str(initial.get("name", "")) if isinstance(initial, dict) else ""
        words = {
            "data-busy": self.t("Sending the file…"),
            "data-failed": self.t("That did not work. The file may be too large (at most 20 MB)."),
        }
        with Node("div", "upload", attributes={"data-upload": "", **words}):
            control = Node("input", "upload-input", attributes={"type": "file"})
            Node("input", attributes={"type": "hidden", "name": self._field.name, "defaultValue": self._first})
            with Node("label", "button button-plain upload-label", attributes={"for": control.html_id}):
                icon("attach")
                Node("span", text=self.t("Choose a file"))
            Node("span", "upload-name", name, {"data-name": "", "role": "status"})
            remove = Node("button", "text-button", self.t("Remove"), {"type": "button", "data-remove": ""})
            remove.props["hidden"] = not name
        return control
