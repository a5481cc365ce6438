"""The home screen: a greeting, what waits for the reader, and the way to everything they may do.

It is made of what features registered and knows none of them.
"""

from collections.abc import Callable, Sequence

from handlers.conversation import drafting
from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import AnyButton, Button, Screen, press, screen
from handlers.conversation.talk import resting
from handlers.conversation.texts import Texts

NAME = "home"
"""The screen's name: a platform may draw it in its own way."""
MOST_DRAFTS = 3
"""Half-filled forms that are offered; older ones wait to be forgotten."""


async def home_screen(ctx: ReadContext) -> Screen:
    """The home screen of the reader."""
    first_name = ctx.person.name.split()[0] if ctx.person and ctx.person.name else ""
    lines = [line for render in REGISTRY.home_lines if (line := await render(ctx))]
    titled: list[tuple[int, str]] = []
    if isinstance(ctx, Context) and ctx.person is not None:
        waiting = [draft for draft in await drafting.own_drafts(ctx) if draft.values]
        titled = [
            (draft.id, title) for draft in waiting[:MOST_DRAFTS] if (title := await drafting.title_of(ctx, draft))
        ]
    return home_of(ctx.community.name, first_name, lines, titled, may=ctx.may, acting=ctx.acting is not None, t=ctx.t)


def home_of(
    community: str,
    first_name: str,
    lines: Sequence[str],
    half_filled: Sequence[tuple[int, str]],
    *,
    may: Callable[[Permission], bool],
    acting: bool = False,
    t: Texts,
) -> Screen:
    """The home screen of somebody.

    Args:
        community: its name.
        first_name: the reader's; empty where there is none yet.
        lines: what waits for them.
        half_filled: forms to go on with: draft's id, title.
        may: whether they have a permission.
        acting: one of the staff reads it for them.
        t: their language.
    """
    out = screen(name=NAME, summary=community)
    out.heading(community)
    out.para(
        t("Hello {name}! What would you like to do?", name=first_name)
        if first_name
        else t("Hello! What would you like to do?")
    )
    out.bullets(lines)
    for row in resting(half_filled, t=t):
        out.row(*row)
    entries = sorted(
        (
            spec
            for spec in REGISTRY.command_list()
            if spec.home and may(spec.permission) and (spec.while_acting or not acting)
        ),
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
