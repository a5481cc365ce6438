"""A form as a talk: one question a message, with buttons, a calendar, back, skip, cancel, and a summary to confirm.

Pure: form, values and step in, screen out. ``handlers.conversation.forms`` keeps the state.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.conversation.answers import Problem, shown
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.screen import AnyButton, Bold, Button, Screen, ScreenBuilder, Style, one_line, press, screen
from handlers.conversation.texts import Texts
from handlers.conversation.when import calendar_page

OPTIONS_A_PAGE = 8
"""Choices shown at once: more than a phone's height of buttons is not read."""
LONG_LABEL = 18
"""Characters up to which two choices share a row on a phone."""
HOURS = ("09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00", "17:00", "17:30", "18:00", "18:30", "20:00")


def question(
    form: Form,
    field: Field,
    values: Values,
    *,
    draft: int,
    t: Texts,
    today: date,
    problem: Problem | None = None,
    month: date | None = None,
    page: int = 0,
) -> Screen:
    """The screen that asks for one field.

    Args:
        form: the whole form.
        field: what is asked now.
        values: what was answered.
        draft: the draft's id, part of every button.
        t: the reader's language.
        today: in the field's zone, where the calendar opens.
        problem: what was wrong with the last answer.
        month: the calendar's page.
        page: the page of a long list of choices.
    """
    position = form.fields.index(field)
    out = screen(summary=field.label)
    if position == 0 and form.intro and problem is None:
        out.heading(form.title).para(form.intro)
    if problem is not None:
        out.para(f"⚠️ {problem.text}")
    out.para(f"{position + 1}/{len(form.fields)} · ", Bold(field.label))
    if field.hint:
        out.para(field.hint)
    if field.name in values:
        out.para(t("So far: {value}", value=shown(field, values[field.name], t)[:300]))
    _choices(out, field, values, draft=draft, position=position, t=t, problem=problem, page=page)
    if field.kind is FieldKind.WHEN:
        _calendar(
            out, draft=draft, position=position, t=t, today=today, month=month, day=problem.day if problem else None
        )
    _ways_out(out, form, field, values, draft=draft, position=position, t=t)
    return out.build()


def summary(form: Form, values: Values, *, draft: int, t: Texts, errors: Mapping[str, str] | None = None) -> Screen:
    """The screen that shows all answers before they are sent; pressing a field's button asks it again."""
    out = screen(summary=form.title)
    out.heading(form.title).para(t("Is everything right?"))
    out.facts(*((field.label, shown(field, values.get(field.name), t)[:600]) for field in form.fields))
    for name, text in (errors or {}).items():
        out.para(f"⚠️ {form.field(name).label}: {text}")
    out.row(Button(form.submit, press("form.send", draft), Style.PRIMARY))
    edits = [
        Button(t("Change: {field}", field=_short(field.label)), press("form.edit", draft, position))
        for position, field in enumerate(form.fields)
    ]
    for pair in _rows(edits, 2):
        out.row(*pair)
    out.row(Button(t("Cancel"), press("form.cancel", draft), Style.DANGER))
    return out.build()


def _short(label: str, limit: int = 28) -> str:
    return one_line(label, limit)


def _rows(buttons: Sequence[AnyButton], width: int) -> list[tuple[AnyButton, ...]]:
    return [tuple(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _choices(
    out: ScreenBuilder,
    field: Field,
    values: Values,
    *,
    draft: int,
    position: int,
    t: Texts,
    problem: Problem | None,
    page: int,
) -> None:
    if problem is not None and problem.options:
        verb = "form.pick" if field.kind is not FieldKind.WHEN else "form.day"
        offered = [Button(one.label, press(verb, draft, position, _safe(one, field))) for one in problem.options]
        for pair in _rows(offered, 2):
            out.row(*pair)
        return
    if not field.options:
        return
    chosen = values.get(field.name)
    many = field.kind is FieldKind.CHOICES
    start = page * OPTIONS_A_PAGE
    visible = list(enumerate(field.options))[start : start + OPTIONS_A_PAGE]
    buttons = [
        Button(
            ("☑️ " if isinstance(chosen, list) and option.value in chosen else "") + option.label,
            press("form.toggle" if many else "form.pick", draft, position, number),
        )
        for number, option in visible
    ]
    width = 2 if all(len(button.label) <= LONG_LABEL for button in buttons) else 1
    for pair in _rows(buttons, width):
        out.row(*pair)
    if len(field.options) > OPTIONS_A_PAGE:
        last = (len(field.options) - 1) // OPTIONS_A_PAGE
        out.row(
            Button("‹", press("form.page", draft, position, page - 1)) if page else None,
            Button("›", press("form.page", draft, position, page + 1)) if page < last else None,
        )
        out.para(t("You can also type a name from the list."))
    if many and chosen:
        out.row(Button(t("Done"), press("form.done", draft, position), Style.PRIMARY))


def _safe(option: Option, field: Field) -> str:
    if field.kind is FieldKind.WHEN:
        return option.value.replace(":", "").replace("-", "")
    return str(next(number for number, one in enumerate(field.options) if one.value == option.value))


def _calendar(
    out: ScreenBuilder,
    *,
    draft: int,
    position: int,
    t: Texts,
    today: date,
    month: date | None,
    day: date | None,
) -> None:
    if day is not None:
        hours = [
            Button(hour, press("form.day", draft, position, f"{day:%Y%m%d}T{hour.replace(':', '')}")) for hour in HOURS
        ]
        for row in _rows(hours, 4):
            out.row(*row)
        return
    latest = today.replace(year=today.year + 2, day=1)
    # A page that no button leads to is the nearest that one does.
    first = min(max((month or today).replace(day=1), today.replace(day=1)), latest)
    out.para(t("Choose a day, or write it: “27 November at 18:30”, “tomorrow at 9”."))
    previous = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    following = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    out.row(
        Button("‹", press("form.month", draft, position, f"{previous:%Y%m}")) if first > today.replace(day=1) else None,
        Button(t.month(first), press("form.month", draft, position, f"{first:%Y%m}")),
        Button("›", press("form.month", draft, position, f"{following:%Y%m}")) if following <= latest else None,
    )
    for week in calendar_page(first.year, first.month, today=today, earliest=today, latest=latest):
        days = [
            Button(str(one.date.day), press("form.day", draft, position, f"{one.date:%Y%m%d}"))
            for one in week
            if one is not None and one.enabled
        ]
        if days:
            out.row(*days)


def _ways_out(
    out: ScreenBuilder, form: Form, field: Field, values: Values, *, draft: int, position: int, t: Texts
) -> None:
    if field.name in values:
        out.row(Button(t("Keep it"), press("form.keep", draft, position)))
    out.row(
        Button(t("‹ Back"), press("form.back", draft, position)) if position else None,
        Button(t("Skip ›"), press("form.skip", draft, position)) if not field.required else None,
        Button(t("Cancel"), press("form.cancel", draft)),
    )
    if not field.required and _can_end(form, position, values):
        out.row(Button(t("That's all: to the end »"), press("form.rest", draft, position)))


def _can_end(form: Form, position: int, values: Values) -> bool:
    """Whether what is left are questions that nobody needs to answer, and more than this one."""
    left = [one for one in form.fields[position + 1 :] if one.name not in values]
    needed = any(one.required and one.name not in values for one in form.fields)
    return bool(left) and not needed


def resting(forms: Sequence[tuple[int, str]], *, t: Texts) -> list[tuple[Button, ...]]:
    """Rows of buttons that continue forms left half-filled: (draft id, title)."""
    return [
        (Button(t("Continue: {form}", form=_short(title, 40)), press("form.resume", draft), opens_form=True),)
        for draft, title in forms
    ]
