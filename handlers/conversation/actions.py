"""The registry: every action, command, form, notice, card and job, each with the permission or policy it needs.

Features register with decorators when they are imported; ``handlers.router`` imports them all. An action's handler is
``async def rsvp(ctx, event_id: int, answer: Answer) -> Replies``: the words after the verb are parsed by its
annotations (int, str, or a text enum), so an action's text from anywhere is either well-formed or refused.
"""

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from handlers.conversation.acting import Acting
from handlers.conversation.context import Context, ReadContext
from handlers.conversation.event import CardKey, Replies, Tell
from handlers.conversation.form import Form, Values
from handlers.conversation.letters import LetterRenderer
from handlers.conversation.permissions import WHILE_ACTING, Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from storage.enums import Locale, NoticeTopic, Priority

ActionHandler = Callable[..., Awaitable[Replies]]
CommandHandler = Callable[[Context, str], Awaitable[Replies]]
FormBuilder = Callable[..., Awaitable[Form]]
FormSubmit = Callable[[Context, Form, Values], Awaitable[Replies]]
NoticeRenderer = Callable[..., Awaitable[Screen | Tell | None]]
CardRenderer = Callable[[ReadContext, int], Awaitable[Screen | None]]
HomeLine = Callable[[ReadContext], Awaitable[str | None]]
MentionFinder = Callable[[ReadContext, int], Awaitable[Sequence[CardKey]]]
ExampleBuilder = Callable[[Texts], Screen | Form]
Urgent = bool | Callable[..., Awaitable[bool]]
"""Whether a notice is urgent: always, never, or ``async def soon(ctx: ReadContext, **data) -> bool`` for its reader."""
TopicOf = NoticeTopic | None | Callable[..., Awaitable[str | None]]
"""What a notice is about: a topic that its reader may turn down, ``None`` for what always comes, or
``async def topic(ctx: ReadContext, **data) -> str | None`` where the data says."""
KnownBy = Callable[..., Awaitable[datetime | None]]
"""``async def known_by(ctx: ReadContext, **data) -> datetime | None``: when it is too late to tell it."""


class Quiet(StrEnum):
    """What its reader's quiet hours do to a notice."""

    BREAKS = "breaks"  # it comes at any hour: the answer to what they did, or at the hour that they chose
    WAITS = "waits"  # it comes when they are over; at once where that would be too late
    MISSES = "misses"  # it comes when they are over; not at all where that is too late


Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class UnknownActionError(LookupError):
    """No action has this verb: the button is from an older release, or somebody made it up."""


class MalformedActionError(ValueError):
    """The words after the verb are not what the action takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForOthers:
    """Whether staff can do something for somebody for whom they act."""

    while_acting: bool = False

    def fits(self, acting: Acting | None) -> bool:
        """Whether it can be done now."""
        return acting is None or self.while_acting


def _for_others(permission: Permission, acting: bool | None) -> bool:  # noqa: FBT001 - what the decorators were given
    return permission in WHILE_ACTING if acting is None else acting


@dataclass(frozen=True, slots=True)
class ActionSpec(ForOthers):
    """A registered action. ``answers`` is false where it only shows something and decides nothing."""

    verb: str
    permission: Permission
    handler: ActionHandler
    parameters: tuple[tuple[str, type, bool], ...]
    answers: bool = True

    def parse(self, words: list[str]) -> dict[str, object]:
        """The handler's arguments.

        Raises:
            MalformedActionError: too few, too many, or not of the right kind.
        """
        if len(words) > len(self.parameters):
            raise MalformedActionError(f"{self.verb}: {len(words)} words, at most {len(self.parameters)}")
        parsed: dict[str, object] = {}
        for position, (name, kind, required) in enumerate(self.parameters):
            if position >= len(words):
                if required:
                    raise MalformedActionError(f"{self.verb}: {name} is missing")
                break
            parsed[name] = _word(words[position], kind, f"{self.verb}: {name}")
        return parsed


def _word(word: str, kind: type, where: str) -> object:
    if kind is int:
        # Databases count to 2**63; isdecimal also accepts digits of other scripts, int() reads them.
        if not (word.removeprefix("-").isdecimal() and len(word) <= 19) or abs(int(word)) >= 2**63:
            raise MalformedActionError(f"{where} is not a number: {word!r}")
        return int(word)
    if issubclass(kind, StrEnum):
        try:
            return kind(word)
        except ValueError as error:
            raise MalformedActionError(f"{where} is not one of {[str(member) for member in kind]}: {word!r}") from error
    return word


@dataclass(frozen=True, slots=True)
class CommandSpec(ForOthers):
    """A registered command: its name and description in each language, and its place on the home screen."""

    names: Mapping[Locale, str]
    description: str
    permission: Permission
    handler: CommandHandler
    listed: bool
    home: str
    home_order: int
    opens_form: bool
    in_groups: bool

    @property
    def key(self) -> str:
        """The English name."""
        return self.names[Locale.ENGLISH]


@dataclass(frozen=True, slots=True)
class FormSpec(ForOthers):
    """A registered form."""

    name: str
    permission: Permission
    build: FormBuilder
    submit: FormSubmit


@dataclass(frozen=True, slots=True)
class NoticeSpec:
    """Something sent unasked, rendered at the time of sending, in the language that its reader has then.

    Attributes:
        kind: the outbox row's kind.
        priority: what goes first when the budget is short.
        again: what happens when a kill leaves a doubt: sent again (a repeat is the lesser harm), or listed as
            uncertain and left to the staff.
        useful_for: how late it is still worth sending; ``None``: for ever.
        to_participants: only for members and guests; others get it neither when they left meanwhile.
        topic: what its reader can turn down; ``None`` for what concerns what they take part in, asked or decide.
        quiet: what its reader's quiet hours do to it.
        urgent: whether it goes once more to the reader's other platform when it is not read in a quarter of an hour;
            and at once to who wants its topic in the digest, which may come too late.
        known_by: when it is too late to tell it, beside ``useful_for``.
        listed: the digest finds by itself what it is about; otherwise it is kept for those who want it there.
        repeats: it says again what another row has said, whose declaration counts.
    """

    kind: str
    priority: Priority
    again: bool
    useful_for: timedelta | None
    render: NoticeRenderer
    topic: TopicOf
    quiet: Quiet
    to_participants: bool = True
    urgent: Urgent = False
    known_by: KnownBy | None = None
    listed: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One screen or form with example data, for the gallery and the snapshots."""

    name: str
    build: ExampleBuilder


@dataclass(slots=True)
class Registry:
    """All that features have registered."""

    actions: dict[str, ActionSpec] = field(default_factory=dict)
    commands: dict[str, CommandSpec] = field(default_factory=dict)
    forms: dict[str, FormSpec] = field(default_factory=dict)
    notices: dict[str, NoticeSpec] = field(default_factory=dict)
    cards: dict[str, CardRenderer] = field(default_factory=dict)
    mentions: dict[str, list[MentionFinder]] = field(default_factory=dict)
    letters: dict[str, LetterRenderer] = field(default_factory=dict)
    home_lines: list[HomeLine] = field(default_factory=list)
    examples: dict[str, Example] = field(default_factory=dict)
    free_text: CommandHandler | None = None
    stranger: ActionHandler | None = None
    gate: ActionHandler | None = None
    departures: list["DepartureHandler"] = field(default_factory=list)

    def action(self, text: str) -> tuple[ActionSpec, dict[str, object]]:
        """The action that a button's text names, and its arguments.

        Raises:
            UnknownActionError: nobody registered the verb.
            MalformedActionError: the words do not fit.
        """
        verb, *words = text.split(":")
        spec = self.actions.get(verb)
        if spec is None:
            raise UnknownActionError(verb)
        return spec, spec.parse(words)

    def command(self, name: str) -> CommandSpec | None:
        """The command of that name in any language; upper case and a slash in front do not matter."""
        return self.commands.get(name.removeprefix("/").lower())

    def command_list(self) -> list[CommandSpec]:
        """Every command once, in the order of registration."""
        return list({id(spec): spec for spec in self.commands.values()}.values())


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody's data is about to be erased.

    Attributes:
        person_id: whose.
        keep_posts: what they published stays, without their name.
    """

    person_id: int
    keep_posts: bool


DepartureHandler = Callable[[ReadContext, Departure], Awaitable[Sequence[CardKey]]]
"""Gives up what the person still holds in a feature, and names the live cards in which they stand."""


REGISTRY = Registry()
"""The one registry. It is filled while features are imported and only read afterwards."""


def _unique(table: Mapping[str, object], key: str) -> None:
    if key in table:
        raise ValueError(f"{key!r} is registered twice")


def action(
    verb: str, permission: Permission, *, answers: bool = True, acting: bool | None = None
) -> Callable[[Decorated], Decorated]:
    """Register what happens when a button with this verb is pressed.

    ``answers=False`` says that it only shows something: who presses it has not yet answered what the message asks.
    ``acting`` says whether staff can press it for somebody for whom they act; by default what members and guests do.
    """

    def register(handler: Decorated) -> Decorated:
        _unique(REGISTRY.actions, verb)
        hints = typing.get_type_hints(handler)
        parameters = tuple(
            (name, hints[name], parameter.default is inspect.Parameter.empty)
            for name, parameter in list(inspect.signature(handler).parameters.items())[1:]
        )
        for name, kind, _ in parameters:
            if not (kind in {int, str} or (isinstance(kind, type) and issubclass(kind, StrEnum))):
                raise TypeError(f"{verb}: {name} must be int, str or a text enum")
        REGISTRY.actions[verb] = ActionSpec(
            verb, permission, handler, parameters, answers, while_acting=_for_others(permission, acting)
        )
        return handler

    return register


def command(
    english: str,
    italian: str,
    description: str,
    permission: Permission,
    *,
    listed: bool = True,
    home: str = "",
    home_order: int = 50,
    opens_form: bool = False,
    in_groups: bool = False,
    acting: bool | None = None,
) -> Callable[[Decorated], Decorated]:
    """Register a command. Names are 1–32 of a–z, 0–9 and _ (Bot API, BotCommand).

    Args:
        english: its name in English.
        italian: its name in Italian; both are always understood.
        description: an English sentence with its Italian in the catalogue, at most 256 characters.
        permission: who may.
        listed: whether menus show it.
        home: the label of its button on the home screen; empty for none.
        home_order: where that button stands.
        opens_form: that its answer is a form.
        in_groups: whether it answers in a group, where everybody reads it; otherwise it answers in private.
        acting: whether staff can use it for somebody for whom they act; by default what members and guests can use.
    """

    def register(handler: Decorated) -> Decorated:
        spec = CommandSpec(
            {Locale.ENGLISH: english, Locale.ITALIAN: italian},
            description,
            permission,
            handler,
            listed,
            home,
            home_order,
            opens_form,
            in_groups,
            while_acting=_for_others(permission, acting),
        )
        for name in {english, italian}:
            _unique(REGISTRY.commands, name)
            REGISTRY.commands[name] = spec
        return handler

    return register


def form(
    name: str, permission: Permission, *, submit: FormSubmit, acting: bool | None = None
) -> Callable[[Decorated], Decorated]:
    """Register a form: the decorated function builds it, ``submit`` carries it out.

    ``build(ctx, **context)`` is called at every step; ``submit(ctx, form, values)`` gets values that fit the fields.
    ``acting`` is as for :func:`action`.
    """

    def register(build: Decorated) -> Decorated:
        _unique(REGISTRY.forms, name)
        REGISTRY.forms[name] = FormSpec(name, permission, build, submit, while_acting=_for_others(permission, acting))
        return build

    return register


def notice(
    kind: str,
    *,
    priority: Priority,
    again: bool,
    useful_for: timedelta | None,
    topic: TopicOf,
    quiet: Quiet,
    to_participants: bool = True,
    urgent: Urgent = False,
    known_by: KnownBy | None = None,
    listed: bool = False,
    repeats: bool = False,
) -> Callable[[Decorated], Decorated]:
    """Register something that is sent unasked: ``async def render(ctx: ReadContext, **data) -> Screen | Tell | None``.

    ``None`` means that there is nothing left to say: the row is skipped. ``to_participants=False`` also reaches
    somebody who is not (yet, or any more) a member: the answer to a request to join. ``urgent`` is asked a quarter of
    an hour after it was sent and not read, with the same data: see :mod:`handlers.conversation.second_ping`. For
    ``topic``, ``quiet`` and the others see :class:`NoticeSpec` and :mod:`handlers.conversation.wishes`.
    """

    def register(render: Decorated) -> Decorated:
        _unique(REGISTRY.notices, kind)
        REGISTRY.notices[kind] = NoticeSpec(
            kind,
            priority,
            again,
            useful_for,
            render,
            topic,
            quiet,
            to_participants=to_participants,
            urgent=urgent,
            known_by=known_by,
            listed=listed,
            repeats=repeats,
        )
        return render

    return register


def card(kind: str) -> Callable[[Decorated], Decorated]:
    """Register how a live card is drawn: ``async def render(ctx: ReadContext, id) -> Screen | None``."""

    def register(render: Decorated) -> Decorated:
        _unique(REGISTRY.cards, kind)
        REGISTRY.cards[kind] = render
        return render

    return register


def mentions(kind: str) -> Callable[[MentionFinder], MentionFinder]:
    """Register which other cards name what a card of this kind is about: ``async def find(ctx, id) -> list[CardKey]``.

    They are redrawn when its name changes or it goes away, and not with every answer to it.
    """

    def register(find: MentionFinder) -> MentionFinder:
        REGISTRY.mentions.setdefault(kind, []).append(find)
        return find

    return register


def letter(kind: str) -> Callable[[Decorated], Decorated]:
    """Register an e-mail: ``async def render(ctx: ReadContext, address: str, **data) -> Letter | None``.

    It is rendered when it is sent; ``None`` means that there is nothing left to say.
    """

    def register(render: Decorated) -> Decorated:
        _unique(REGISTRY.letters, kind)
        REGISTRY.letters[kind] = render
        return render

    return register


def home_line(render: HomeLine) -> HomeLine:
    """Register a line for the home screen: what waits for this reader, or ``None``."""
    REGISTRY.home_lines.append(render)
    return render


def free_text(handler: CommandHandler) -> CommandHandler:
    """Register what answers words that are no command and answer no question (one feature only)."""
    if REGISTRY.free_text is not None:
        raise ValueError("free text has an answer already")
    REGISTRY.free_text = handler
    return handler


def stranger(handler: ActionHandler) -> ActionHandler:
    """Register what is said to somebody who has not accepted the privacy notice (one feature only)."""
    if REGISTRY.stranger is not None:
        raise ValueError("strangers have an answer already")
    REGISTRY.stranger = handler
    return handler


def gate(handler: ActionHandler) -> ActionHandler:
    """Register what stands before everything that a known person does; it answers, or lets pass with ``None``."""
    if REGISTRY.gate is not None:
        raise ValueError("there is a gate already")
    REGISTRY.gate = handler
    return handler


def departure(handler: DepartureHandler) -> DepartureHandler:
    """Register what a feature does before somebody's data is erased.

    The context's person is who goes: give up their places, end what is open, tell those concerned. The rows themselves
    are erased afterwards, by the declaration in :mod:`storage.personal`. Returns the cards that show the person.
    """
    REGISTRY.departures.append(handler)
    return handler


def example(name: str) -> Callable[[Callable[[Texts], Screen | Form]], Callable[[Texts], Screen | Form]]:
    """Register an example of a screen, notice or form (the form's or notice's own name where it has one)."""

    def register(build: Callable[[Texts], Screen | Form]) -> Callable[[Texts], Screen | Form]:
        _unique(REGISTRY.examples, name)
        REGISTRY.examples[name] = Example(name, build)
        return build

    return register
