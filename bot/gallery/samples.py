"""Answers with which a form's summary is shown."""

from datetime import date

from handlers.conversation.form import Field, FieldKind, Form, Value, Values
from handlers.conversation.texts import Texts

TODAY = date(2018, 4, 3)
"""The day on which the sample community begins; calendars open on it."""


def sample_values(form: Form, t: Texts) -> Values:
    """An answer to every question: what is filled in at first, else one that fits."""
    return {
        field.name: field.initial if field.initial not in (None, "", []) else _sample(field, t) for field in form.fields
    }


def _sample(field: Field, t: Texts) -> Value:
    match field.kind:
        case FieldKind.LINE | FieldKind.TEXT:
            return t("An answer in a few words")[: field.length_limit]
        case FieldKind.NUMBER:
            return max(field.minimum, min(20, field.maximum))
        case FieldKind.WHEN:
            return "2018-04-19T00:00" if field.date_only else "2018-04-19T17:30"
        case FieldKind.CHOICE | FieldKind.PERSON:
            return field.options[0].value if field.options else None
        case FieldKind.CHOICES:
            return [option.value for option in field.options[:2]]
        case FieldKind.FILE:
            return {
                "platform": "web",
                "account": "web",
                "reference": "sample",
                "name": t("programme.pdf"),
                "size": 48_000,
            }
