"""How the staff see people and roles."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from handlers.conversation.context import Community
from handlers.conversation.screen import AnyButton, Bold, Button, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.staff.names import role_meaning, role_name, status_name
from handlers.staff.rules import (
    FEWEST_OWNERS,
    Change,
    Turn,
    obstacle_to_acting,
    obstacle_to_change,
    obstacle_to_role,
)
from storage.enums import PersonStatus, Role

PEOPLE_SHOWN = 10
"""People found that are listed; more words find fewer."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody as the staff see them."""

    person_id: int
    name: str
    organisation: str
    job_title: str
    status: PersonStatus
    roles: AbstractSet[Role]

    def called(self, t: Texts) -> str:
        """A name for a line or a button."""
        return self.name or t("somebody without a name")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at people: their number and roles."""

    person_id: int
    roles: AbstractSet[Role]


def search_results(words: str, found: Sequence[PersonView], *, t: Texts) -> Screen:
    """Those whom the words fit."""
    title = t("People: “{words}”", words=words[:60])
    out = screen(summary=title).heading(title)
    if not found:
        out.para(t("I found nobody. Try part of the name, or the organisation."))
    for one in found[:PEOPLE_SHOWN]:
        place = f" – {one.organisation}" if one.organisation else ""
        out.para(Bold(one.called(t)), f"{place} · {status_name(one.status, t)}")
        out.row(Button(_look_label(one, t), press("staff.person", one.person_id)))
    if len(found) > PEOPLE_SHOWN:
        out.para(t("There are more: add a word to find fewer."))
    return out.row(Button(t("Search again"), press("staff.search"), opens_form=True)).build()


def _look_label(one: PersonView, t: Texts) -> str:
    return t("Look at {name}", name=one.called(t)[:40])


def person_screen(one: PersonView, reader: Reader, *, owners: int, t: Texts) -> Screen:
    """Somebody, with what this reader may decide about them."""
    out = (
        screen(summary=one.called(t))
        .heading(one.called(t))
        .facts(
            (t("Organisation"), one.organisation),
            (t("Role"), one.job_title),
            (t("Status"), status_name(one.status, t)),
            (t("Roles"), ", ".join(role_name(role, t) for role in Role if role in one.roles)),
        )
    )
    by, by_roles, person = reader.person_id, reader.roles, one.person_id
    if obstacle_to_acting(by=by, by_roles=by_roles, person=person, status=one.status, roles=one.roles) is None:
        label = t("Act for {name}", name=one.called(t)[:40])
        out.row(Button(label, press("staff.act", one.person_id), opens_form=True))
    labels = {
        Change.SUSPEND: (t("Suspend"), Style.PLAIN),
        Change.RESTORE: (t("Let back in"), Style.PRIMARY),
        Change.REMOVE: (t("Remove from the community"), Style.DANGER),
    }
    out.row(
        *(
            Button(label, press("staff.change", one.person_id, change), style, opens_form=True)
            for change, (label, style) in labels.items()
            if obstacle_to_change(change, by=by, by_roles=by_roles, person=person, status=one.status, roles=one.roles)
            is None
        )
    )
    if Role.OWNER in reader.roles:
        turns: list[AnyButton] = [
            Button(
                t("Take: {role}", role=role_name(role, t))
                if turn is Turn.TAKE
                else t("Give: {role}", role=role_name(role, t)),
                press("staff.role", one.person_id, role, turn),
                opens_form=True,
            )
            for role in Role
            for turn in Turn
            if obstacle_to_role(turn, role, status=one.status, roles=one.roles, owners=owners) is None
        ]
        for start in range(0, len(turns), 2):
            out.row(*turns[start : start + 2])
        out.row(Button(t("What was decided"), press("staff.log", one.person_id)))
    return out.build()


def roles_screen(holders: Sequence[PersonView], *, t: Texts) -> Screen:
    """Who has which role, and what each role may."""
    out = screen(summary=t("Who does what")).heading(t("Who does what"))
    for one in holders:
        held = ", ".join(role_name(role, t) for role in Role if role in one.roles)
        paused = "" if one.status is PersonStatus.MEMBER else f" ({status_name(one.status, t)})"
        out.para(Bold(one.called(t)), f" – {held}{paused}")
        out.row(Button(_look_label(one, t), press("staff.person", one.person_id)))
    owners = sum(Role.OWNER in one.roles and one.status is PersonStatus.MEMBER for one in holders)
    if owners < FEWEST_OWNERS:
        out.para(t("There is only one owner. Make a colleague owner too, so that nobody is ever locked out."))
    out.bullets([(Bold(role_name(role, t)), f" – {role_meaning(role, t)}") for role in Role])
    return out.row(Button(t("Give somebody a role"), press("staff.search"), opens_form=True)).build()


def role_given(role: Role, reason: str, by: str, *, t: Texts) -> Screen:
    """To whoever has a new role."""
    return (
        screen(summary=t("You have a new role: {role}", role=role_name(role, t)))
        .heading(t("You have a new role: {role}", role=role_name(role, t)))
        .para(t("It means: {meaning}.", meaning=role_meaning(role, t)))
        .para(t("From {name}: {reason}", name=by, reason=reason))
        .row(Button(t("Menu"), press("home.show"), Style.PRIMARY))
        .build()
    )


def role_taken(role: Role, reason: str, by: str, *, t: Texts) -> Screen:
    """To whoever has a role no longer."""
    return (
        screen(summary=t("You are no longer {role}", role=role_name(role, t)))
        .para(t("You are no longer {role}. Thank you for what you did.", role=role_name(role, t)))
        .para(t("From {name}: {reason}", name=by, reason=reason))
        .row(Button(t("Menu"), press("home.show")))
        .build()
    )


def suspended(reason: str, community: Community, *, t: Texts) -> Screen:
    """To whoever is suspended."""
    return (
        screen(summary=t("Your access is suspended"))
        .para(t("The staff of {community} have suspended your access for now.", community=community.name))
        .para(t("They wrote: {reason}", reason=reason))
        .para(
            t("Nothing of yours is lost. If you would like to talk about it, write to {contact}.",
              contact=community.contact)
        )
        .build()
    )  # fmt: skip


def restored(reason: str, community: Community, *, t: Texts) -> Screen:
    """To whoever is back."""
    return (
        screen(summary=t("Welcome back"))
        .para(t("Welcome back to {community}: everything works again as before.", community=community.name))
        .para(t("They wrote: {reason}", reason=reason))
        .row(Button(t("Menu"), press("home.show"), Style.PRIMARY))
        .build()
    )


def removed(reason: str, community: Community, *, t: Texts) -> Screen:
    """To whoever was removed."""
    return (
        screen(summary=t("You no longer take part"))
        .para(t("From today you no longer take part in {community}.", community=community.name))
        .para(t("They wrote: {reason}", reason=reason))
        .para(
            t("You can still see, receive or delete your data: /privacy. Questions: {contact}.",
              contact=community.contact)
        )
        .build()
    )  # fmt: skip
