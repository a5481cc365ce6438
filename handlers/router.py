"""From an event to its effect: who, may they, what, and the replies, all in one transaction.

The row of the inbox is closed, the change made and the replies queued by one commit. A redelivered event does nothing
twice, and a kill either leaves all of it undone (the event is handled again) or all of it done (the replies go out).
"""

import difflib
import importlib
import importlib.util
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation import acted_for, drafting, form_windows, forms, second_ping, talk_steps
from handlers.conversation.actions import REGISTRY, CommandSpec, ForOthers, MalformedActionError, UnknownActionError
from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, Context, Refusal
from handlers.conversation.event import (
    Address,
    Ask,
    CardKey,
    Errors,
    Event,
    EventKind,
    FormSupport,
    MessageRef,
    Outcome,
    Replies,
    Reply,
    Show,
    Tell,
    Toast,
)
from handlers.conversation.notify import refresh_card, reply_message
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Button, Screen, press, screen
from handlers.conversation.talk import resting
from storage.engine import Database
from storage.enums import Locale, PersonStatus
from storage.queries import inbox, people
from storage.queries.mails import has_queued_mail
from storage.queries.outbox import NewMessage, has_queued, queue

log = logging.getLogger(__name__)

FEATURES = (
    "home",
    "identity",
    "organisations",
    "vocabulary",
    "privacy",
    "finding",
    "knowhow",
    "groups",
    "events",
    "missions",
    "meetings",
    "announcements",
    "digests",
    "preferences",
    "following",
    "roundups",
    "directory",
    "staff",
)
WITHIN = (
    "knowhow.answers",
    "knowhow.blind",
    "knowhow.calls",
    "knowhow.experts",
    "knowhow.matches",
    "knowhow.partnering",
)
"""Parts of a feature that have a folder of their own inside its."""
PARTS = ("actions", "forms", "notices", "cards", "results", "letters", "departing", "decisions", "examples")
"""The modules of a feature that register something."""
TRIES = 4
"""How often a transaction that lost a race is run again."""
CLOSE_ENOUGH = 0.6
"""How alike (difflib's ratio) a mistyped command must be to be suggested."""


def load_features() -> None:
    """Import all features, so that they register what they do."""
    for feature in (*FEATURES, *WITHIN):
        for part in PARTS:
            name = f"handlers.{feature}.{part}"
            if importlib.util.find_spec(name):
                importlib.import_module(name)


class Router:
    """Carries out events.

    Args:
        database: the store.
        community: what the installation says of itself.
        clock: tells the time.
        claim: this process's name in the outbox: replies are inserted as being sent by it.
    """

    def __init__(self, database: Database, community: Community, clock: Clock, *, claim: str) -> None:
        load_features()
        self._database = database
        self._community = community
        self._clock = clock
        self._claim = claim

    async def handle(self, event: Event, *, inbox_id: int | None = None) -> Outcome:
        """Carry out one event and close its inbox row.

        What a person did never raises: a refusal, a strange button and a fault of ours are all answered in words.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be used; the event stays open and is handled later.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return await self._handle_once(event, inbox_id)
            except IntegrityError:
                if attempt == TRIES:
                    return await self.apologise(event, inbox_id=inbox_id)
            except DBAPIError as error:
                if not _lost_race(error) or attempt == TRIES:
                    raise
            except Refusal as refusal:
                return await self._say(event, inbox_id, Toast(refusal.message, alert=refusal.alert))
            except Exception:
                log.exception("handler failed", extra={"event_kind": event.kind, "verb": event.action.split(":")[0]})
                return await self.apologise(event, inbox_id=inbox_id)
        raise AssertionError("the loop above returns or raises")

    async def slow_down(self, event: Event, *, inbox_id: int | None = None) -> Outcome:
        """Answer an event with a word about the pace, and do nothing else.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be used; the event stays open and is handled later.
        """
        async with self._database.reading() as session:
            ctx = await self._context(session, event)
        text = ctx.t("That was a lot at once: I can't keep up. Please wait a minute, then go on.")
        return await self._say(event, inbox_id, Toast(text, alert=True))

    async def _handle_once(self, event: Event, inbox_id: int | None) -> Outcome:
        async with self._database.writing() as session:
            if inbox_id is not None and not await inbox.close(session, inbox_id, self._clock.now()):
                return Outcome()  # another process, or an earlier delivery, has done it
            ctx = await self._context(session, event)
            if ctx.acting is not None:
                return await self._reply(ctx, await acted_for.carry_out(ctx, self._dispatch))
            return await self._reply(ctx, await self._dispatch(ctx))

    async def apologise(self, event: Event, *, inbox_id: int | None = None) -> Outcome:
        """Answer an event that could not be carried out with a word of regret, and do nothing else.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be used; the event stays open and is handled later.
        """
        async with self._database.reading() as session:
            ctx = await self._context(session, event)
        text = ctx.t("Something went wrong on our side and nothing was changed. Please try again in a minute.")
        return await self._say(event, inbox_id, Toast(text, alert=True))

    async def _say(self, event: Event, inbox_id: int | None, reply: Reply) -> Outcome:
        async with self._database.writing() as session:
            if inbox_id is not None:
                await inbox.close(session, inbox_id, self._clock.now())
            ctx = await self._context(session, event)
            if event.kind is EventKind.SUBMIT and ctx.may(Permission.PERSON) and not ctx.left_acting:
                # The change was rolled back, and with it what was typed: keep it for another try.
                await form_windows.abandon(ctx, event.form, ctx.event.form_context, event.values)
            return await self._reply(ctx, reply)

    async def _context(self, session: AsyncSession, event: Event) -> Context:
        now = self._clock.now()
        address = event.address
        account, person, roles = await people.who_acts(session, address.platform, address.account, event.user)
        if account is not None and event.kind not in {EventKind.LEFT, EventKind.MOVED}:
            people.note_action(account, address.chat, private=event.private, now=now)
        guess = event.locale[:2].lower()
        stranger = Locale(guess) if guess in set(Locale) else self._community.locale
        ctx = Context(
            session=session,
            community=self._community,
            clock=self._clock,
            person=person,
            roles=roles,
            locale=person.locale if person else stranger,
            platform=address.platform,
            event=event,
            account=account,
            build_form=forms.build,
        )
        await acted_for.enter(ctx)
        return ctx

    async def _dispatch(self, ctx: Context) -> Replies:
        event = ctx.event
        if ctx.left_acting and event.kind in {EventKind.PRESS, EventKind.SUBMIT}:
            return Toast(
                ctx.t("You no longer act for anybody: nothing was done. Begin again with /members."), alert=True
            )
        match event.kind:
            case EventKind.PRESS:
                return await self._press(ctx)
            case EventKind.COMMAND:
                return await self._command(ctx, event.action, event.text)
            case EventKind.SUBMIT:
                return await self._with_person(
                    ctx, form_windows.submit(ctx, event.form, event.form_context, event.values)
                )
            case EventKind.ABANDON:
                if ctx.may(Permission.PERSON) and not ctx.left_acting:
                    await form_windows.abandon(ctx, event.form, event.form_context, event.values)
                return None
            case EventKind.TEXT | EventKind.FILE:
                return await self._words(ctx)
            case EventKind.JOINED | EventKind.LEFT:
                if event.private:
                    reachable = event.kind is EventKind.JOINED
                    await people.set_reachable(
                        ctx.session,
                        event.address.platform,
                        event.address.account,
                        chat=event.address.chat,
                        reachable=reachable,
                    )
                return None
            case EventKind.MOVED:
                address = event.address
                await people.move_chat(
                    ctx.session, address.platform, address.account, old=address.chat, new=event.new_chat
                )
                for number, channel in enumerate(self._community.channels):
                    if (channel.platform, channel.chat) == (address.platform, address.chat):
                        self._community.channels[number] = replace(channel, chat=event.new_chat)
                return None

    async def _with_person(self, ctx: Context, work: Coroutine[Any, Any, Replies]) -> Replies:
        refused = await self._refused(ctx, Permission.PERSON)
        if refused is not None:
            work.close()
            return refused
        return await work

    async def _press(self, ctx: Context) -> Replies:
        try:
            spec, arguments = REGISTRY.action(ctx.event.action)
        except (UnknownActionError, MalformedActionError):
            return (
                Toast(ctx.t("This button is from an old message and no longer works."), alert=True),
                Tell(self._way_home(ctx), privately=True),
            )
        refused = self._not_for_others(ctx, spec) or await self._refused(ctx, spec.permission)
        if refused is not None:
            return refused
        pressed = await second_ping.pressed(ctx) if spec.answers and ctx.acting is None else None
        replies = await spec.handler(ctx, **arguments)
        if pressed is not None:
            await second_ping.answered(ctx, pressed)
        return replies

    async def _command(self, ctx: Context, name: str, words: str) -> Replies:
        spec = REGISTRY.command(name)
        if spec is None:
            return await self._unknown(ctx, name)
        refused = self._not_for_others(ctx, spec) or await self._refused(ctx, spec.permission)
        if refused is not None:
            return refused
        rest = []
        if ctx.person is not None and ctx.event.private:
            open_now = await drafting.open_here(ctx)
            if open_now is not None:
                await drafting.rest(ctx)
                if title := await drafting.title_of(ctx, open_now):
                    rest = resting([(open_now.id, title)], t=ctx.t)
        replies = await spec.handler(ctx, words)
        replies = self._in_private(ctx, spec, replies)
        return _with_rows(replies, rest) if rest else replies

    def _in_private(self, ctx: Context, spec: CommandSpec, replies: Replies) -> Replies:
        if ctx.event.private or spec.in_groups or replies is None:
            return replies
        several = replies if isinstance(replies, tuple) else (replies,)
        return tuple(
            Tell(one.screen, one.card, privately=True) if isinstance(one, Show | Tell) else one for one in several
        )

    async def _words(self, ctx: Context) -> Replies:
        text = ctx.event.text.strip()
        if ctx.event.kind is EventKind.TEXT and text.startswith("/"):
            name, _, rest = text[1:].partition(" ")
            return await self._command(ctx, name, rest.strip())
        refused = await self._refused(ctx, Permission.PERSON)
        if refused is not None:
            return refused if ctx.event.private else None
        if ctx.event.private:
            answered = await talk_steps.answer_open(ctx)
            if answered is not None:
                return answered
        if ctx.event.kind is EventKind.TEXT and REGISTRY.command(text):
            return await self._command(ctx, text, "")
        if REGISTRY.free_text is None:
            return await self._unknown(ctx, text)
        return await REGISTRY.free_text(ctx, text)

    async def _unknown(self, ctx: Context, name: str) -> Replies:
        if not ctx.event.private:
            return None
        names = [
            spec.names[ctx.locale]
            for spec in REGISTRY.command_list()
            if spec.listed and ctx.may(spec.permission) and spec.fits(ctx.acting)
        ]
        near = difflib.get_close_matches(name.lower().removeprefix("/")[:40], names, n=2, cutoff=CLOSE_ENOUGH)
        out = screen().para(ctx.t("I don't know “{word}”.", word=name[:40]))
        if near:
            out.row(*(Button(f"/{one}", press("home.run", one)) for one in near))
        return Tell(out.row(Button(ctx.t("What can I do here?"), press("home.help"))).build())

    async def _refused(self, ctx: Context, permission: Permission) -> Replies:
        """The polite answer to somebody who may not; ``None`` when they may."""
        if ctx.may(permission):
            if permission is Permission.ANYONE or ctx.person is None or REGISTRY.gate is None:
                return None
            stopped = await REGISTRY.gate(ctx)
            return self._only_they(ctx) if stopped is not None and ctx.acting is not None else stopped
        if ctx.person is None:
            if not ctx.event.private:
                return Toast(
                    ctx.t("We haven't met yet: write to me in private and press Start, then try again."), alert=True
                )
            # Never None, which would let them pass.
            said = await REGISTRY.stranger(ctx) if REGISTRY.stranger is not None else None
            return () if said is None else said
        return Toast(self._why_not(ctx, ctx.person.status, permission), alert=True)

    def _not_for_others(self, ctx: Context, spec: ForOthers) -> Replies:
        """What staff are told who try for somebody what only they can do; ``None`` when it can be done."""
        return None if spec.fits(ctx.acting) else self._only_they(ctx)

    def _only_they(self, ctx: Context) -> Toast:
        text = ctx.t("Only {name} can do this, not somebody who acts for them.", name=ctx.me.name)
        return Toast(text, alert=True)

    def _why_not(self, ctx: Context, status: PersonStatus, permission: Permission) -> str:
        if status is PersonStatus.WAITING:
            return ctx.t("The staff are still looking at your request; I'll write to you as soon as they answer.")
        if status is PersonStatus.JOINING:
            return ctx.t("Please finish your profile first: write /start.")
        if status is PersonStatus.SUSPENDED:
            contact = ctx.community.contact
            return ctx.t(
                "Your access is suspended for now. If you have a question, write to {contact}.", contact=contact
            )
        if not ctx.may(Permission.PERSON):
            contact = ctx.community.contact
            return ctx.t(
                "You no longer take part in this community. If that is a mistake, write to {contact}.", contact=contact
            )
        if not ctx.may(Permission.MEMBER):
            return ctx.t("Only members can do this.")
        if permission is Permission.OWNER and ctx.may(Permission.STAFF):
            return ctx.t("Only owners can do this.")
        return ctx.t("Only the staff can do this.")

    def _way_home(self, ctx: Context) -> Screen:
        return (
            screen()
            .para(ctx.t("Here is the menu as it is today."))
            .row(Button(ctx.t("Menu"), press("home.show")))
            .build()
        )

    async def _reply(self, ctx: Context, replies: Replies) -> Outcome:
        outcome = Outcome()
        several = replies if isinstance(replies, tuple) else (replies,) if replies is not None else ()
        rows: list[NewMessage] = []
        for reply in several:
            await self._one_reply(ctx, reply, outcome, rows)
        await ctx.session.flush()
        outcome.replies = list(zip(await queue(ctx.session, rows), rows, strict=True))
        outcome.queued = has_queued(ctx.session)
        outcome.mails = has_queued_mail(ctx.session)
        return outcome

    async def _one_reply(self, ctx: Context, reply: Reply, outcome: Outcome, rows: list[NewMessage]) -> None:
        event = ctx.event
        match reply:
            case Toast():
                said = screen().para(reply.text).build()
                if event.kind not in {EventKind.PRESS, EventKind.SUBMIT}:
                    if event.private:
                        rows.append(self._row(ctx, event.address, said))
                elif not event.late:
                    outcome.toast = acted_for.toast(ctx, reply)
                elif event.private or ctx.account is not None:
                    # In a group a toast is seen by who pressed alone, and so are its words.
                    rows.append(self._row(ctx, self._private(ctx), said))
            case Errors(by_field) if event.kind is EventKind.SUBMIT and event.late:
                shown = await form_windows.opener_with(ctx, event.form, list(by_field.values()))
                rows.append(self._row(ctx, self._private(ctx), shown))
            case Errors(by_field) if event.kind is EventKind.SUBMIT:
                outcome.errors = reply
            case Errors(by_field):
                raise RuntimeError(f"errors {sorted(by_field)} without a form")
            case Ask():
                await self._put_form(ctx, reply, outcome, rows)
            case Show(shown, card) if not event.private and event.kind is EventKind.PRESS:
                # What everybody reads is never redrawn for one person.
                if card is not None:
                    await refresh_card(ctx, card)
                else:
                    rows.append(self._row(ctx, self._private(ctx), shown))
            case Show(shown, card):
                target = event.message if event.kind is EventKind.PRESS else None
                rows.append(self._row(ctx, event.address, shown, edit=target, card=card))
            case Tell(shown, card, privately):
                address = self._private(ctx) if privately else event.address
                rows.append(self._row(ctx, address, shown, card=card))

    async def _put_form(self, ctx: Context, ask: Ask, outcome: Outcome, rows: list[NewMessage]) -> None:
        event = ctx.event
        if not event.private and event.forms is FormSupport.TALK:
            private = self._private(ctx)
            ctx.event = replace(event, address=private, private=True, message=None)
            rows.append(self._row(ctx, event.address, screen().para(ctx.t("I've written to you in private.")).build()))
        window, shown = await form_windows.present(ctx, ask)
        outcome.form = acted_for.window(ctx, window)
        if shown is not None:
            redraw = (
                ctx.event.message
                if ctx.event.kind is EventKind.PRESS
                and ctx.event.action.startswith("form.")
                # What was sent just now says so; a form that follows it begins below.
                and not ctx.event.action.startswith("form.send")
                else None
            )
            rows.append(self._row(ctx, ctx.event.address, shown, edit=redraw))
        ctx.event = event

    def _private(self, ctx: Context) -> Address:
        if ctx.event.private or ctx.account is None:
            return ctx.event.address
        return Address(ctx.event.address.platform, ctx.event.address.account, ctx.account.chat)

    def _row(
        self,
        ctx: Context,
        address: Address,
        shown: Screen,
        *,
        edit: MessageRef | None = None,
        card: CardKey | None = None,
    ) -> NewMessage:
        # Whoever acts for somebody is answered themselves; a live card would be redrawn without the marks.
        reader = ctx.acting.staff if ctx.acting else ctx.person
        return reply_message(
            address,
            acted_for.drawn(ctx, shown),
            now=ctx.now,
            claim=self._claim,
            person_id=reader.id if reader else None,
            edit=edit,
            card=None if ctx.acting else card,
        )


def _with_rows(replies: Replies, rows: list[tuple[Button, ...]]) -> Replies:
    """The same replies, with rows of buttons below the last screen."""
    several = list(replies) if isinstance(replies, tuple) else [replies] if replies is not None else []
    for position in range(len(several) - 1, -1, -1):
        one = several[position]
        if isinstance(one, Show | Tell):
            several[position] = replace(one, screen=one.screen.with_rows(*rows))
            break
    return tuple(several)


def _lost_race(error: DBAPIError) -> bool:
    """Whether the database asks for the transaction to be run again (deadlock, serialisation, SQLite busy)."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in {"40001", "40P01"} or "database is locked" in str(error.orig)
