"""How invitations look to those who make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Screen, Span, Style, UrlButton, press, screen
from handlers.conversation.texts import Texts
from handlers.organisations.rules import InviteState


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation in a list."""

    id: int
    hint: str
    state: InviteState
    used: int
    uses: int
    expires_at: datetime
    made_by: str


def made(organisation: str, code: str, days: int, uses: int, link: str, slash_command: str, *, t: Texts) -> Screen:
    """The code to hand on. It is shown this once: only its digest is kept."""
    title = t("Invitation for {organisation}", organisation=organisation)
    out = (
        screen(summary=title)
        .heading(title)
        .para(t("Their people write this code to me and are members at once:"))
        .para(Bold(code))
        .bullets([t("On Telegram the link below is enough.")] if link else [])
        .bullets([t("On Slack: {command}", command=f"{slash_command} join {code}")])
        .para(
            t(
                "For {people}, valid for {days}. Keep it: I show it only now.",
                people=t.n("{n} person", "{n} people", uses),
                days=t.n("{n} day", "{n} days", days),
            )
        )
    )
    if link:
        out.para(link).row(UrlButton(t("Open the invitation"), link))
    return out.build()


def state_words(one: Invitation, zone: ZoneInfo, t: Texts) -> str:
    """Whether it works."""
    match one.state:
        case InviteState.LIVE:
            return t("until {day}", day=t.short_day(one.expires_at.astimezone(zone)))
        case InviteState.USED_UP:
            return t("used up")
        case InviteState.OVER:
            return t("over")
        case InviteState.REVOKED:
            return t("taken back")


def invitations(
    organisation_id: int, name: str, rows: Sequence[Invitation], zone: ZoneInfo, *, for_staff: bool, t: Texts
) -> Screen:
    """An organisation's invitations, how often each was used, and the way to withdraw one."""
    title = t("Invitations of {organisation}", organisation=name)
    out = screen(summary=title).heading(title)
    if not rows:
        out.para(t("There are none yet."))
    lines: list[Sequence[Span]] = []
    for one in rows:
        state = state_words(one, zone, t)
        used = t.n(
            "used {n} time of {uses}, {state}",
            "used {n} times of {uses}, {state}",
            one.used,
            uses=one.uses,
            state=state,
        )
        lines.append([Bold(f"…{one.hint}"), f" – {used}", f" ({one.made_by})" if one.made_by else ""])
    out.bullets(lines)
    for one in rows:
        if one.state is InviteState.LIVE:
            out.row(Button(t("Withdraw …{hint}", hint=one.hint), press("org.revoke", one.id)))
    back = press("org.show", organisation_id) if for_staff else press("org.mine")
    return out.row(
        Button(t("New invitation"), press("org.invite", organisation_id), Style.PRIMARY, opens_form=True),
        Button(t("‹ Organisation"), back),
    ).build()
