"""The home screen: a greeting, what waits for the reader, and the way to everything they may do.

It is made of what features registered and knows none of them.
"""

from handlers.conversation import forms
from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext
from handlers.conversation.screen import AnyButton, Button, Screen, press, screen
from handlers.conversation.talk import resting
from storage.queries import drafts

NAME = "home"
"""The screen's name: a platform may draw it in its own way."""
MOST_DRAFTS = 3
"""Half-filled forms that are offered; older ones wait to be forgotten."""


async def home_screen(ctx: ReadContext) -> Screen:
    """The home screen of the reader."""
    t = ctx.t
    first_name = ctx.person.name.split()[0] if ctx.person and ctx.person.name else ""
    out = screen(name=NAME, summary=ctx.community.name)
    out.heading(ctx.community.name)
    out.para(
        t("Hello {name}! What would you like to do?", name=first_name)
        if first_name
        else t("Hello! What would you like to do?")
    )
    out.bullets([line for render in REGISTRY.home_lines if (line := await render(ctx))])
    if isinstance(ctx, Context) and ctx.person is not None:
        waiting = [draft for draft in await drafts.drafts_of(ctx.session, ctx.person.id) if draft.values]
        titled = [(draft.id, title) for draft in waiting[:MOST_DRAFTS] if (title := await forms.title_of(ctx, draft))]
        for row in resting(titled, t=t):
            out.row(*row)
    entries = sorted(
        (spec for spec in REGISTRY.command_list() if spec.home and ctx.may(spec.permission)),
        key=lambda spec: spec.home_order,
    )
    buttons: list[AnyButton] = [
        Button(t(spec.home), press("home.run", spec.key), opens_form=spec.opens_form) for spec in entries
    ]
    for start in range(0, len(buttons), 2):
        out.row(*buttons[start : start + 2])
    return out.build()


def action_of_payload(payload: str) -> str:
    """The action that a deep link's payload names: ``event_show_12`` → ``event.show:12``; empty when it names none.

    A payload holds letters, digits, ``_`` and ``-`` only (Bot API, deep linking), so the separators are underscores.
    """
    feature, _, rest = payload.partition("_")
    verb, _, words = rest.partition("_")
    text = f"{feature}.{verb}"
    if text not in REGISTRY.actions:
        return ""
    return ":".join([text, *words.split("_")]) if words else text
