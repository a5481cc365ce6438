"""What members and delegates are told unasked, drawn from data alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Button, Para, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.missions.screens import Page, Sheet, place_line, sheet
from storage.enums import PlaceStatus
from storage.models import Application, ApplicationPlace, Component, Mission


def opened(shown: Sheet, t: Texts) -> Screen:
    """A mission takes applications."""
    return sheet(shown, t).preceded_by(Para((t("A new mission is open. Would you like to come?"),)))


def deadline_near(mission: Mission, now: datetime, zone: ZoneInfo, t: Texts) -> Screen:
    """Few days are left to apply."""
    heading = t(
        "{duration} left to apply: {mission}", duration=t.duration(mission.deadline - now), mission=mission.title
    )
    out = screen(summary=heading).heading(heading)
    out.para(
        t(
            "Applications close on {when}. If you're thinking about it, now is the moment.",
            when=t.moment(mission.deadline, zone),
        )
    )
    return out.row(
        Button(t("Apply"), press("mission.apply", mission.id), Style.PRIMARY, opens_form=True),
        Button(t("About the mission"), press("mission.show", mission.id)),
    ).build()


def accepted(
    application: Application, places: Sequence[ApplicationPlace], positions: Mapping[int, int], t: Texts
) -> Screen:
    """They go: what they have, and what they wait for."""
    mission = application.mission
    heading = t("You're coming to {mission}!", mission=mission.title)
    out = screen(summary=heading).heading(heading)
    out.para(t("We're glad to have you with us. This is what you have:"))
    out.bullets(place_line(place, positions, t) for place in places)
    if any(place.status is PlaceStatus.WAITING for place in places):
        out.para(t("Where you're waiting, we'll write to you as soon as a place is free."))
    return out.row(
        Button(t("My programme"), press("mission.agenda", mission.id), Style.PRIMARY),
        Button(t("My application"), press("mission.show", mission.id, Page.MINE)),
    ).build()


def reserved(mission: Mission, t: Texts) -> Screen:
    """They are on the reserve list."""
    heading = t("You're on the reserve list: {mission}", mission=mission.title)
    out = screen(summary=heading).heading(heading)
    out.para(
        t("Thank you for applying. There were more of us than places; if one comes free, we'll write to you at once.")
    )
    return out.row(Button(t("My application"), press("mission.show", mission.id, Page.MINE))).build()


def declined(application: Application, t: Texts) -> Screen:
    """Not this time, and why."""
    mission = application.mission
    heading = t("Not this time: {mission}", mission=mission.title)
    out = screen(summary=heading).heading(heading)
    out.para(t("Thank you for applying. This time it didn't work out:"))
    out.para(application.reason)
    out.para(t("We hope to have you on the next one."))
    return out.row(Button(t("Missions"), press("mission.list"))).build()


def promoted(mission: Mission, component: Component, t: Texts) -> Screen:
    """A place on the waiting list became a place."""
    heading = t("There is a place for you: {part}", part=t.of(component, "title"))
    out = screen(summary=heading).heading(heading)
    out.para(t("You were on the waiting list and moved up. Your place is confirmed."))
    out.facts(
        (t("Mission"), mission.title),
        (t("When"), t.span(component.starts_at, component.ends_at, ZoneInfo(mission.zone))),
        (t("Where"), component.place),
    )
    return out.row(
        Button(t("My programme"), press("mission.agenda", mission.id), Style.PRIMARY),
        Button(t("My application"), press("mission.show", mission.id, Page.MINE)),
    ).build()
