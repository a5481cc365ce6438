"""Acting for somebody: beginning, stopping, and telling them."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.conversation.acted_for import DID
from handlers.conversation.acting import STOP, TOO_LONG, Acting, drawn
from handlers.conversation.actions import Quiet, action, form, notice
from handlers.conversation.auditing import record
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Replies, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Values
from handlers.conversation.notify import notify
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.staff import acting_screens, standing
from handlers.staff.forms import REASON_LENGTH
from handlers.staff.rules import ACTING_LASTS, obstacle_to_acting
from storage.enums import Priority, SubjectKind
from storage.models import ActingSession, Person
from storage.queries import acting, audit, people


async def _check(ctx: Context, person: Person) -> None:
    if not ctx.event.private or ctx.account is None:
        raise Refusal(ctx.t("This works in our private chat only."))
    held = await people.roles_of(ctx.session, person.id)
    obstacle = obstacle_to_acting(by=ctx.me.id, by_roles=ctx.roles, person=person.id, status=person.status, roles=held)
    if obstacle is not None:
        raise standing.refusal(ctx, obstacle, person.name)


@action("staff.act", Permission.STAFF)
async def act(ctx: Context, person_id: int) -> Replies:
    """Ask why."""
    await _check(ctx, await standing.find(ctx, person_id))
    return await ctx.ask("staff.act", person=person_id)


async def submit_act(ctx: Context, form: Form, values: Values) -> Replies:
    """Begin."""
    person = await standing.find(ctx, int(form.context["person"]))
    await _check(ctx, person)
    await end(ctx, ctx.me.id)
    reason = str(values["reason"])
    session = ActingSession(
        staff_id=ctx.me.id,
        person_id=person.id,
        account_id=ctx.account.id if ctx.account else 0,
        reason=reason,
        began_at=ctx.now,
        ends_at=ctx.now + ACTING_LASTS,
    )
    ctx.session.add(session)
    await ctx.session.flush()
    record(ctx, "acting.begin", SubjectKind.PERSON, person.id, reason)
    minutes = int(ACTING_LASTS.total_seconds() // 60)
    shown = acting_screens.begun(person.name, minutes, t=ctx.t)
    return Tell(drawn(shown, Acting(session.id, ctx.me, person.name), ctx.t))


@form("staff.act", Permission.STAFF, submit=submit_act)
async def act_form(ctx: Context, person: str) -> Form:
    """Why one acts for somebody."""
    who = await standing.find(ctx, int(person))
    return act_questions(who.name, int(ACTING_LASTS.total_seconds() // 60), t=ctx.t)


def act_questions(name: str, minutes: int, *, t: Texts) -> Form:
    """The form's question."""
    return Form(
        "staff.act",
        t("Act for {name}", name=name),
        (
            Field(
                "reason",
                t("Why? {name} will read it.", name=name),
                FieldKind.TEXT,
                max_length=REASON_LENGTH,
                hint=t("For example: “Asked me on the phone to confirm the meeting.”"),
            ),
        ),
        t("Begin"),
        intro=t("For {n} minutes you do things for {name}. They are told afterwards.", n=minutes, name=name),
    )


@action(STOP, Permission.PERSON)
async def stop(ctx: Context) -> Replies:
    """Be oneself again. A second tap finds nothing, and says the same."""
    names = await end(ctx, ctx.me.id)
    return Tell(acting_screens.stopped(ctx.t.list(names), t=ctx.t)) if names else Toast(ctx.t("You act for nobody."))


@action(TOO_LONG, Permission.PERSON, answers=False)
async def too_long(ctx: Context) -> Replies:
    """A button whose action leaves no room for the mark."""
    return Toast(ctx.t("This button does not work while you act for somebody; write the command instead."), alert=True)


async def end(ctx: Context, staff_id: int) -> list[str]:
    """End whatever session somebody has open, tell those for whom they acted, and return their names."""
    ended = await acting.end_all(ctx.session, staff_id, ctx.now)
    return await tell(ctx, only=ended) if ended else []


async def tell(ctx: ReadContext, *, only: Sequence[int] = (), most: int = 50) -> list[str]:
    """Tell people what was done for them in sessions that are over, all or only these; returns their names."""
    names = []
    for session in await acting.untold(ctx.session, ctx.now, only=only, most=most):
        session.ended_at, session.told_at = session.ended_at or session.ends_at, ctx.now
        await acting.forget_drafts(ctx.session, session.staff_id, session.id)
        await notify(ctx, session.person_id, "staff.acted", dedup=f"acted:{session.id}", data={"session": session.id})
        person = await ctx.session.get(Person, session.person_id)
        names.append(person.name if person else "")
    await ctx.session.flush()
    return names


@notice(
    "staff.acted", priority=Priority.REMINDER, again=True, useful_for=timedelta(days=14), topic=None, quiet=Quiet.WAITS
)
async def acted(ctx: ReadContext, session: int) -> Screen | None:
    """To whom somebody acted for."""
    row = await ctx.session.get(ActingSession, session)
    if row is None or row.person_id != ctx.me.id:
        return None
    staff = await ctx.session.get(Person, row.staff_id)
    done = [line for line in await audit.done_while_acting(ctx.session, row.id, DID) if line]
    when = ctx.t.span(row.began_at, row.ended_at or row.ends_at, ctx.zone)
    by = staff.name if staff else ctx.community.name
    return acting_screens.acted(by, when, row.reason, done, ctx.community.contact, t=ctx.t)
