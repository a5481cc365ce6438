"""Blind posts before they go out, and who is interested in them, drawn from data alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.screen import Bold, Button, Para, Screen, Style, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.screens import Similar, clipped
from storage.enums import InterestState

TITLE_SHOWN = 80
QUOTED = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What its author should look at before a post goes out without their name.

    Attributes:
        found: of their name and organisation, what the text itself says.
        link: the host that its link leads to; empty without one.
        is_home: whether that is their organisation's own.
        few: whether only some members may read it.
        file: the name of one that stays out; empty without one.
        similar: posts that may say the same.
    """

    title: str
    found: Sequence[str] = ()
    link: str = ""
    is_home: bool = False
    few: bool = False
    file: str = ""
    similar: Sequence[Similar] = ()


def check(one: Check, t: Texts) -> Screen:
    """Before a blind post is handed in."""
    head = t("Before it goes out without your name")
    out = screen(summary=head).heading(head)
    out.para(Bold(one.title))
    out.para(
        t(
            "Your name and organisation stay hidden: on the post and its answers, in lists, searches, digests, in the "
            "channel, and from the staff who review it. Everybody reads “A member of the cluster”."
        )
    )
    out.para(t("What I can't hide is what you write. Please look once more:"))
    points = [
        t(
            "The text says {names}: that gives you away.",
            names=", ".join(t("“{title}”", title=name) for name in one.found),
        )
        if one.found
        else "",
        t("The link leads to {host}, your organisation's own site: that gives you away.", host=one.link)
        if one.is_home
        else (t("The link leads to {host}: does that page say who you are?", host=one.link) if one.link else ""),
        t("Names of products, projects and places can tell who you are, and so can your way of writing."),
        t("Only a few may read it: the fewer, the easier to guess.") if one.few else "",
    ]
    out.bullets(point for point in points if point)
    out.para(
        t(
            "Who is interested tells you so, without a name. Only when you both say yes do you two learn who the other "
            "is. You can put your name on it later; it can't be taken off again."
        )
    )
    if one.file:
        out.para(
            Bold(
                t(
                    "“{name}” stays out: a file says of itself who made it. Write what it says in the text, or share "
                    "it under your name.",
                    name=one.file,
                )
            )
        )
    if one.similar:
        out.para(Bold(t("Has somebody written this already?")))
        out.bullets((Bold(near.title), f"\n{near.about}") for near in one.similar)
        for near in one.similar:
            out.row(Button(clipped(near.title), press("post.open", near.id)))
    out.row(Button(t("Send it without my name"), press("post.new"), Style.PRIMARY))
    return out.row(Button(t("Change mine"), press("post.share"), opens_form=True)).build()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Somebody's interest in a blind post, as one of the two sees it.

    Attributes:
        title: of the post.
        about: what the interested one says of themselves.
        who: name and organisation of the other one, where the reader may know; empty where they may not.
        introduction: what came of it, when both said yes.
        blind: whether the post still carries no name.
    """

    id: int
    post: int
    title: str
    about: str
    message: str
    state: InterestState
    expires_at: datetime
    who: str = ""
    introduction: int | None = None
    blind: bool = True


def asked(one: Interest, *, zone: ZoneInfo, t: Texts) -> Screen:
    """To who wrote the post: somebody is interested. A live card: what was answered takes the buttons away."""
    title = t("Somebody is interested in “{title}”", title=clipped(one.title, TITLE_SHOWN))
    out = screen(summary=title).heading(title)
    out.facts((t("Who"), one.who), (t("What they say of themselves"), one.about))
    if one.message:
        out.para(t("“{message}”", message=one.message))
    match one.state:
        case InterestState.ACCEPTED:
            out.para(Bold(t("✓ You both said yes.")))
            return out.row(_contact(one, t)).build()
        case InterestState.DECLINED:
            return out.para(Bold(t("You said no. They learn only that it doesn't fit this time."))).build()
        case InterestState.WITHDRAWN:
            return out.para(Bold(t("They have taken this back."))).build()
        case InterestState.ENDED:
            return out.para(Bold(t("The time for an answer is over."))).build()
        case InterestState.OPEN:
            pass
    if one.who:
        out.para(t("They let you read their name. If you say yes, they get yours, and you two each other's contact."))
    else:
        out.para(
            t("If you say yes, you two get each other's name, organisation and contact. If you say no, nobody does.")
        )
    out.para(t("You have until {when}.", when=t.moment(one.expires_at, zone)))
    out.row(Button(t("Yes, introduce us"), press("blind.yes", one.id), Style.PRIMARY, opens_form=True))
    return out.row(
        Button(t("No, thank you"), press("blind.no", one.id)), Button(t("See it"), press("post.open", one.post))
    ).build()


def reminder(one: Interest, *, zone: ZoneInfo, t: Texts) -> Screen:
    """The same, after some days of silence."""
    return asked(one, zone=zone, t=t).preceded_by(Para((t("This still waits for your answer."),)))


def _contact(one: Interest, t: Texts) -> Button:
    if one.introduction is None:
        return Button(t("Introductions"), press("intro.list"))
    return Button(t("How to reach them"), press("intro.contact", one.introduction), Style.PRIMARY)


def sent(one: Interest, *, zone: ZoneInfo, t: Texts) -> Screen:
    """To who is interested: it is on its way."""
    return (
        screen()
        .para(t("I've told whoever wrote “{title}”.", title=clipped(one.title, TITLE_SHOWN)))
        .facts((t("They read"), ", ".join(part for part in (one.who, one.about) if part)))
        .para(
            t(
                "If they say yes, you two get each other's name, organisation and contact. I'll tell you by {when}.",
                when=t.moment(one.expires_at, zone),
            )
        )
        .row(
            Button(t("Not interested any more"), press("blind.withdraw", one.id)),
            Button(t("Back to the post"), press("post.open", one.post)),
        )
        .build()
    )


def introduced(one: Interest, t: Texts) -> Screen:
    """To who was interested: both said yes."""
    head = t("You are introduced: {name}", name=one.who)
    out = screen(summary=head).heading(head)
    out.para(t("They wrote “{title}”, and you both said yes.", title=clipped(one.title, TITLE_SHOWN)))
    if one.blind:
        out.para(t("Their name stays between you two: everybody else still reads the post without it."))
    return out.row(_contact(one, t), Button(t("See it"), press("post.open", one.post))).build()


def declined(title: str, t: Texts) -> Screen:
    """To who was interested: it does not fit."""
    return (
        screen(summary=t("About “{title}”", title=clipped(title, TITLE_SHOWN)))
        .para(
            t(
                "It doesn't fit this time with “{title}”. Your interest was read, and thank you for it: this is no "
                "judgement of you.",
                title=clipped(title, TITLE_SHOWN),
            )
        )
        .row(Button(t("Latest posts"), press("post.find", 0, 0, 0, "")))
        .build()
    )


def ended(title: str, t: Texts) -> Screen:
    """To who was interested: nothing came of it; without a title the post went with its author."""
    if not title:
        text = t("Nothing came of an interest of yours: the post was taken away.")
        return screen(summary=text).para(text).row(Button(t("Latest posts"), press("post.find", 0, 0, 0, ""))).build()
    return (
        screen(summary=t("About “{title}”", title=clipped(title, TITLE_SHOWN)))
        .para(
            t(
                "Nothing came of your interest in “{title}”: it was not answered, or the post is closed.",
                title=clipped(title, TITLE_SHOWN),
            )
        )
        .row(Button(t("Latest posts"), press("post.find", 0, 0, 0, "")))
        .build()
    )


def withdrawn(post_id: int, t: Texts) -> Screen:
    """To who was interested."""
    text = t("Taken back: they can't answer any more.")
    return screen().para(text).row(Button(t("Back to the post"), press("post.open", post_id))).build()


def interests(to_me: Sequence[Interest], mine: Sequence[Interest], *, zone: ZoneInfo, t: Texts) -> Screen:
    """Who is interested in the reader's blind posts, and in which the reader is."""
    head = t("Interest in blind posts")
    out = screen(summary=head).heading(head)
    if not to_me and not mine:
        out.para(t("Nothing waits. Who was introduced to whom: /introductions."))
    for number, one in enumerate(to_me, 1):
        out.para(Bold(f"{number}. {clipped(one.title, TITLE_SHOWN)}"), f"\n{one.who or one.about}")
        if one.message:
            out.para(clipped(one.message, QUOTED))
        out.row(Button(t("Answer no. {n}", n=t.number(number)), press("blind.open", one.id)))
    if mine:
        out.para(Bold(t("You are interested in")))
    for number, one in enumerate(mine, len(to_me) + 1):
        until = t.moment(one.expires_at, zone)
        out.para(t("{n}. “{title}”: an answer comes by {when}.", n=t.number(number),
                   title=clipped(one.title, TITLE_SHOWN), when=until))  # fmt: skip
        out.row(Button(t("Take back no. {n}", n=t.number(number)), press("blind.withdraw", one.id)))
    return out.row(Button(t("My posts"), press("post.mine", 0)), Button(t("Menu"), press("home.show"))).build()


def confirm_unveiling(title: str, post_id: int, name: str, t: Texts) -> Screen:
    """Whether the author means it."""
    return (
        screen()
        .para(
            t(
                "Put your name on “{title}”? Everybody who may read it then sees “{name}”: in lists, searches and "
                "the channel. It can't be taken off again.",
                title=title,
                name=name,
            )
        )
        .row(
            Button(t("Yes, with my name"), press("blind.name", post_id), Style.DANGER),
            Button(t("Leave it blind"), press("post.open", post_id)),
        )
        .build()
    )


def unveiled(title: str, post_id: int, t: Texts) -> Screen:
    """The author's name stands on it."""
    return (
        screen()
        .para(t("“{title}” carries your name now.", title=title))
        .row(Button(t("See it"), press("post.open", post_id)))
        .build()
    )
