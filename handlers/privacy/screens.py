"""How the notice, the consents and their history look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation import consent_texts
from handlers.conversation.context import Community
from handlers.conversation.privacy_notice import NOTICE_VERSION, notice, purpose_label
from handlers.conversation.screen import Bold, Button, Link, Screen, press, screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from storage.enums import ConsentPurpose, Locale, Platform

AUTHORITY = "https://www.garanteprivacy.it"
"""The Italian data protection authority, to whom everybody may complain (Regulation (EU) 2016/679, article 77)."""
SAID_AT_ONCE = 12
"""Answers to consents that the history shows."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which notice the reader agreed to, and when."""

    version: str
    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said about one purpose: the proof of it."""

    purpose: ConsentPurpose
    given: bool
    at: datetime
    platform: Platform
    version: str
    locale: Locale


def notice_screen(community: Community, accepted: Accepted | None = None, *, t: Texts) -> Screen:
    """The notice at any time, in full (Regulation (EU) 2016/679, articles 13 and 77)."""
    out = notice(t, community)
    out.heading(t("Who is responsible")).para(f"{community.controller}, {community.contact}")
    out.heading(t("Why, and on what ground"))
    out.bullets(
        [
            t("To run the community you joined: events, missions, meetings, know-how (article 6(1)(b))."),
            t("To keep it safe and its decisions traceable: codes, audit log (article 6(1)(f))."),
            t("Directory, news, profiles for fairs: only with your consent, each by itself (article 6(1)(a))."),
        ]
    )
    out.heading(t("Who sees what"))
    out.bullets(
        [
            t("Members: what you publish, and your profile if you allow the directory."),
            t("The staff: your profile, applications, answers to events, decisions about you."),
            t("The other side of a meeting: your name, organisation and role."),
            t("Fairs and hosts: only what you say yes to on a slip, until the date it states."),
            t("Telegram or Slack carry the messages. Nobody else; nothing is sold."),
        ]
    )
    kept = community.retention
    out.heading(t("How long"))
    out.bullets(
        [
            t(
                "Your profile: while you are here; after {time} without you it goes, told a week before.",
                time=_span(kept.inactive, t),
            ),
            t("Messages: {time}. Half-filled forms: {forms}.", time=_span(kept.outbox, t), forms=_span(kept.drafts, t)),
            t("What you wrote to apply for a mission: until {time} after it.", time=_span(kept.applications, t)),
            t("Decisions of the staff: {time}.", time=_span(kept.audit, t)),
        ]
    )
    out.heading(t("Your rights"))
    out.para(
        t("See, correct, receive and erase your data, whenever you like: write /mydata. Take back any consent here. "
          "Object or restrict: write to {contact}.", contact=community.contact)
    )  # fmt: skip
    out.para(t("You can complain to the data protection authority: "), Link("Garante", AUTHORITY), ".")
    if accepted is not None:
        out.para(
            t(
                "You agreed to version {version} on {moment}.",
                version=accepted.version or "–",
                moment=t.stamp(accepted.at, accepted.zone),
            )
        )
        if accepted.version != NOTICE_VERSION:
            out.para(Bold(t("It has changed since: I'll ask you again.")))
        out.row(Button(t("What I allow"), press("privacy.show")), Button(t("Your data"), press("privacy.data")))
    return out.build()


def _span(span: timedelta, t: Texts) -> str:
    years = round(span.days / 365)
    return t.n("{n} year", "{n} years", years) if span.days >= 365 and span.days % 365 == 0 else t.duration(span)


def consents_screen(
    given: Mapping[ConsentPurpose, bool], last: Mapping[ConsentPurpose, Said], *, zone: ZoneInfo, t: Texts
) -> Screen:
    """Each purpose with what it means, since when, and a button that turns it round."""
    out = screen(summary=t("What I allow")).heading(t("What I allow"))
    out.para(t("Each is up to you. Press one to change it; saying no changes nothing else."))
    for purpose in ConsentPurpose:
        allowed = given[purpose]
        out.para("✅ " if allowed else "⬜️ ", Bold(purpose_label(purpose, t)))
        said = last.get(purpose)
        agreed_to = said.version if allowed and said is not None else consent_texts.CURRENT
        out.para(consent_texts.text_of(agreed_to, purpose, t.locale) or t("An earlier text."))
        if said is not None:
            out.para(_when(said, zone, t))
        short = _short(purpose, t)
        if consent_texts.is_outdated(agreed_to, purpose):
            out.para(t("There is a new text, which holds only if you agree to it:"))
            out.para(consent_texts.text_of(consent_texts.CURRENT, purpose, t.locale))
            out.row(Button(t("Agree to the new text: {what}", what=short), press("privacy.set", purpose, 1)))
        label = t("Stop: {what}", what=short) if allowed else t("Allow: {what}", what=short)
        out.row(Button(label, press("privacy.set", purpose, int(not allowed))))
    out.row(Button(t("History"), press("privacy.history")), Button(t("What I share"), press("privacy.slips")))
    out.row(Button(t("Your data"), press("privacy.data")))
    return out.row(Button(t("Read the notice"), press("privacy.notice")), Button(t("Menu"), press("home.show"))).build()


def _when(said: Said, zone: ZoneInfo, t: Texts) -> str:
    where, moment = PLATFORM_NAMES[said.platform], t.stamp(said.at, zone)
    if said.given:
        return t("You said yes on {moment}, on {platform}.", moment=moment, platform=where)
    return t("You said no on {moment}, on {platform}.", moment=moment, platform=where)


def history_screen(said: Sequence[Said], *, zone: ZoneInfo, t: Texts) -> Screen:
    """Everything one said, the newest first, each with the text that was agreed to."""
    out = screen(summary=t("What you said about each consent")).heading(t("What you said about each consent"))
    if not said:
        return out.para(t("Nothing yet: what you never allowed is not allowed.")).row(_back(t)).build()
    for one in said[:SAID_AT_ONCE]:
        out.para("✅ " if one.given else "⬜️ ", Bold(purpose_label(one.purpose, t)), f": {_when(one, zone, t)}")
        short = consent_texts.short_digest(one.version, one.purpose, one.locale)
        out.para(t("Text of version {version} ({digest})", version=one.version, digest=short))
    if len(said) > SAID_AT_ONCE:
        out.para(t("Older answers are in your copy: /mydata."))
    for version, purpose, locale in dict.fromkeys(
        (one.version, one.purpose, one.locale) for one in said[:SAID_AT_ONCE]
    ):
        label = t("Text: {what}, {version}", what=_short(purpose, t), version=f"{version} {locale.value}")
        out.row(Button(label, press("privacy.text", version, purpose, locale)))
    return out.row(_back(t)).build()


def text_screen(version: str, purpose: ConsentPurpose, locale: Locale, *, t: Texts) -> Screen:
    """The text that was agreed to, word by word."""
    out = screen(summary=purpose_label(purpose, t)).heading(purpose_label(purpose, t))
    written = consent_texts.text_of(version, purpose, locale)
    if not written:
        return out.para(t("This version is not known here. Ask the staff for its text.")).row(_back(t)).build()
    short = consent_texts.short_digest(version, purpose, locale)
    out.para(written).para(t("Text of version {version} ({digest})", version=version, digest=short))
    return out.row(_back(t)).build()


def _back(t: Texts) -> Button:
    return Button(t("What I allow"), press("privacy.show"))


def _short(purpose: ConsentPurpose, t: Texts) -> str:
    match purpose:
        case ConsentPurpose.DIRECTORY:
            return t("directory")
        case ConsentPurpose.NEWS:
            return t("news")
        case ConsentPurpose.SHARING:
            return t("fairs and hosts")
