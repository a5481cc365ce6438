"""The forms of slips: making one, and what a yes has to enter."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import form
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Tell
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.privacy import slip_labels, slips
from handlers.privacy.slip_actions import shown
from handlers.privacy.slip_staff_actions import progress
from handlers.privacy.slips import NewSlip
from storage.enums import SlipAnswer, SlipField
from storage.models import Disclosure
from storage.queries import disclosures

PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,24}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}")
MISSION, EVENT = "mission", "event"


async def submit_new(ctx: Context, form: Form, values: Values) -> Replies:
    """Make the slip, ask everybody, show how far it is."""
    t = ctx.t
    kind, _, number = str(values["about"]).partition("-")
    zone = ZoneInfo(form.field("until").zone)
    last_day = datetime.fromisoformat(str(values["until"]))
    until = last_day.replace(hour=23, minute=59, tzinfo=zone).astimezone(UTC)
    if until <= ctx.now:
        return Errors({"until": t("This day has passed.")})
    chosen, optional = _chosen(values.get("fields")), _chosen(values.get("optional"))
    if not set(optional) <= set(chosen):
        return Errors({"optional": t("Only what is handed over can be left out.")})
    if set(optional) == set(chosen):
        return Errors({"optional": t("Something has to be left: a yes to nothing is a no.")})
    slip = await slips.make(
        ctx,
        NewSlip(
            title=str(values["title"]),
            recipient=str(values["recipient"]),
            purpose=str(values["purpose"]),
            fields=chosen,
            optional=optional,
            mission_id=int(number) if kind == MISSION else None,
            event_id=int(number) if kind == EVENT else None,
            until=until,
        ),
    )
    return Tell(await progress(ctx, slip))


def _chosen(value: object) -> list[SlipField]:
    given = set(value) if isinstance(value, list) else set()
    return [one for one in SlipField if one.value in given]


@form("privacy.newslip", Permission.MISSION, submit=submit_new)
async def new_slip_form(ctx: Context) -> Form:
    """What, to whom, for what, until when, about whom."""
    today = ctx.now.astimezone(ctx.community.zone).date()
    missions, events = await disclosures.subjects(ctx.session, today, ctx.now)
    about = [Option(f"{MISSION}-{one.id}", one.title[:75]) for one in missions]
    if ctx.may(Permission.STAFF):
        about += [Option(f"{EVENT}-{one.id}", one.title[:75]) for one in events]
    if not about:
        raise Refusal(ctx.t("There is no mission or event to come whose people could be asked."))
    return build_new_slip(about, zone=ctx.community.zone.key, t=ctx.t)


def build_new_slip(about: Sequence[Option], *, zone: str, t: Texts) -> Form:
    """The form's questions."""
    fields = tuple(Option(one.value, slip_labels.field(one, t)) for one in SlipField)
    return Form(
        "privacy.newslip",
        t("New consent slip"),
        (
            Field(
                "about", t("Whose data?"), FieldKind.CHOICE, options=tuple(about), hint=t("Delegates, or who comes.")
            ),
            Field(
                "title", t("What do you call it?"), max_length=80, hint=t("For example: list for the Technion's gate")
            ),
            Field("recipient", t("Who gets it?"), max_length=120),
            Field("purpose", t("What for?"), FieldKind.TEXT, max_length=400),
            Field(
                "fields",
                t("Which data? No more than they need."),
                FieldKind.CHOICES,
                options=fields,
                hint=t("Phone, e-mail and food are asked for this slip alone."),
            ),
            Field("optional", t("What may be left out?"), FieldKind.CHOICES, required=False, options=fields),
            Field(
                "until",
                t("Until which day?"),
                FieldKind.WHEN,
                date_only=True,
                zone=zone,
                hint=t("Then the answers are deleted."),
            ),
        ),
        t("Ask them"),
    )


async def submit_answer(ctx: Context, form: Form, values: Values) -> Replies:
    """Yes, with what was entered."""
    slip = await slips.slip_for(ctx, int(form.context["slip"]))
    partly = form.context["partly"] == "1"
    entered = {one.value: str(values.get(one.value) or "").strip() for one in slips.asked_fields(slip, partly=partly)}
    wrong = {}
    if entered.get("phone") and not PHONE.fullmatch(entered["phone"]):
        wrong["phone"] = ctx.t("A phone number, please, like +39 02 1234567.")
    if entered.get("email") and not EMAIL.fullmatch(entered["email"]):
        wrong["email"] = ctx.t("An e-mail address, please, like name@example.org.")
    if wrong:
        return Errors(wrong)
    said = SlipAnswer.PARTLY if partly else SlipAnswer.YES
    slip = await slips.answer(ctx, slip.id, said, entered)
    return await shown(ctx, slip, ctx.t("Thank you: noted."))


@form("privacy.slip", Permission.PERSON, submit=submit_answer)
async def slip_form(ctx: Context, slip: str, partly: str) -> Form:
    """What this slip asks beside the profile."""
    row = await slips.slip_for(ctx, int(slip))
    own = await disclosures.answer_of(ctx.session, row.id, ctx.me.id)
    if own is None:
        raise Refusal(ctx.t("You were not asked to answer this slip."))
    if not slips.is_open(row, ctx.now):
        raise Refusal(ctx.t("This slip is over: its answers are deleted."))
    return build_slip(row, partly=partly == "1", before=own.values, t=ctx.t)


def build_slip(slip: Disclosure, *, partly: bool, before: dict[str, str], t: Texts) -> Form:
    """The form's questions."""
    return Form(
        "privacy.slip",
        t("For {recipient}", recipient=slip.recipient)[:60],
        tuple(
            Field(one.value, slip_labels.field(one, t), max_length=120, initial=before.get(one.value))
            for one in slips.asked_fields(slip, partly=partly)
        ),
        t("Yes, hand it over"),
        intro=t("Kept for this slip alone, and deleted with it."),
    )
