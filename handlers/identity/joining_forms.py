"""The short forms of joining: an address, the code it got, an invitation, and what staff answer."""

from collections.abc import Sequence

from handlers.conversation.actions import form
from handlers.conversation.codes import ADDRESS_DIGITS
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Errors, Replies, Tell, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.organisation_requests import ask_staff
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.identity import invitations, moving, screens, service, work_address
from handlers.identity.proof import Answer, after_proof
from handlers.identity.work_address import AddressError
from storage.models import Organisation, OrganisationRequest, Person
from storage.queries import organisations

OTHER = "other"


# A work address, and the code that went there


async def send_code(ctx: Context, _: Form, values: Values) -> Replies:
    """Have a code sent there."""
    try:
        address = await work_address.send_code(ctx, str(values["address"]))
    except AddressError as error:
        return Errors({"address": str(error)})
    return (Tell(screens.code_sent(address.shown, t=ctx.t)), await ctx.ask("identity.digits"))


@form("identity.address", Permission.PERSON, submit=send_code)
async def address_form(ctx: Context) -> Form:
    """Where do you read your mail at work?"""
    if not ctx.community.mails:
        raise Refusal(ctx.t("I can't send e-mail at the moment. You can join by invitation, or ask the staff."))
    return address_questions(t=ctx.t)


def address_questions(*, t: Texts) -> Form:
    """One question: the address."""
    hint = t("I send a code there, to see that you read it. Only you and the staff see the address.")
    return Form(
        "identity.address",
        t("Your work address"),
        (Field("address", t("Your e-mail address at work"), max_length=254, hint=hint),),
        t("Send me the code"),
    )


async def take_digits(ctx: Context, _: Form, values: Values) -> Replies:
    """Take the code."""
    confirmed = await work_address.confirm(ctx, str(values["digits"]))
    t = ctx.t
    if confirmed.answer is Answer.WRONG and confirmed.guesses_left:
        return Errors(
            {
                "digits": t.n(
                    "That's not it. You can try {n} more time.",
                    "That's not it. You can try {n} more times.",
                    confirmed.guesses_left,
                )
            }
        )
    if confirmed.answer in {Answer.WRONG, Answer.NONE}:
        return Errors({"digits": t("This code doesn't work any more. Press “Another address” and ask for a new one.")})
    return await after_proof(ctx, confirmed)


@form("identity.digits", Permission.PERSON, submit=take_digits)
async def digits_form(ctx: Context) -> Form:
    """The code from the e-mail."""
    return digits_questions(t=ctx.t)


def digits_questions(*, t: Texts) -> Form:
    """One question: the code."""
    hint = t("Nothing has come? Look into the spam folder, or ask for another code.")
    return Form(
        "identity.digits",
        t("The code from the e-mail"),
        (Field("digits", t("The {n} digits", n=ADDRESS_DIGITS), max_length=20, hint=hint),),
        t("That's the code"),
    )


# An invitation


async def take_invitation(ctx: Context, _: Form, values: Values) -> Replies:
    """Look at the invitation, and use it."""
    return await invitations.given(ctx, str(values["code"]))


@form("identity.invitation", Permission.PERSON, submit=take_invitation)
async def invitation_form(ctx: Context) -> Form:
    """The code that your organisation gave you."""
    return invitation_questions(t=ctx.t)


def invitation_questions(*, t: Texts) -> Form:
    """One question: the code."""
    return Form(
        "identity.invitation",
        t("Your invitation"),
        (
            Field(
                "code",
                t("The code of your invitation"),
                max_length=40,
                hint=t("Like K7WQ-9M3X-T2; capitals don't matter."),
            ),
        ),
        t("Go on"),
    )


# A member asks for another organisation


async def ask_move(ctx: Context, _: Form, values: Values) -> Replies:
    """Put it before the staff."""
    listed = str(values["organisation"])
    if listed == OTHER and not values.get("organisation_name"):
        return Errors({"organisation_name": ctx.t("Please write your organisation's name.")})
    if listed != OTHER and int(listed) == ctx.me.organisation_id:
        return Errors({"organisation": ctx.t("That's where you are already.")})
    await ask_staff(
        ctx,
        ctx.me,
        organisation_id=None if listed == OTHER else int(listed),
        claim=str(values.get("organisation_name") or "") if listed == OTHER else "",
    )
    return Tell(screens.move_asked(t=ctx.t))


@form("identity.organisation", Permission.MEMBER, submit=ask_move, acting=False)
async def organisation_form(ctx: Context) -> Form:
    """Where do you work now?"""
    return organisation_questions(await options_of(ctx), t=ctx.t)


async def options_of(ctx: Context) -> list[Option]:
    """The organisations to choose from."""
    return [Option(str(one.id), one.name[:75]) for one in await organisations.active(ctx.session)]


def organisation_questions(listed: Sequence[Option], *, t: Texts) -> Form:
    """Two questions, of which one is for organisations that nobody knows yet."""
    return Form(
        "identity.organisation",
        t("Your organisation"),
        (
            Field(
                "organisation",
                t("Organisation"),
                FieldKind.PERSON,
                options=(*listed, Option(OTHER, t("It's not in the list"))),
                hint=t("Write part of its name to find it."),
            ),
            Field("organisation_name", t("If it's not in the list, its name"), required=False, max_length=150),
        ),
        t("Ask the staff"),
    )


# What staff answer


async def refuse_request(ctx: Context, form_: Form, values: Values) -> Replies:
    """Say no, with the reason."""
    text = await service.decide(ctx, int(form_.context["person"]), accept=False, reason=str(values["reason"]))
    return Toast(text)


@form("identity.refuse", Permission.STAFF, submit=refuse_request)
async def refuse_form(ctx: Context, person: str) -> Form:
    """Why somebody cannot join."""
    row = await ctx.session.get(Person, int(person)) if person.isdecimal() else None
    if row is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return reason_questions("identity.refuse", row.name, t=ctx.t)


def reason_questions(name: str, person: str, *, t: Texts) -> Form:
    """One question: the reason, which the person reads."""
    return Form(
        name,
        t("Not this time"),
        (
            Field(
                "reason",
                t("Why? {name} will read this.", name=person),
                FieldKind.TEXT,
                hint=t("A kind sentence, and what they can do."),
                max_length=500,
            ),
        ),
        t("Send"),
    )


async def place_request(ctx: Context, form_: Form, values: Values) -> Replies:
    """Accept, into that organisation."""
    text = await service.decide(
        ctx, int(form_.context["person"]), accept=True, organisation_id=int(str(values["organisation"]))
    )
    return Toast(text)


@form("identity.place", Permission.STAFF, submit=place_request)
async def place_form(ctx: Context, person: str) -> Form:
    """Where somebody who asks to join belongs."""
    row = await ctx.session.get(Person, int(person)) if person.isdecimal() else None
    if row is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return place_questions("identity.place", row.organisation_claim, await options_of(ctx), t=ctx.t)


def place_questions(name: str, claim: str, listed: Sequence[Option], *, t: Texts) -> Form:
    """One question: the organisation."""
    return Form(
        name,
        t("Choose the organisation"),
        (Field("organisation", t("Organisation"), FieldKind.PERSON, options=tuple(listed)),),
        t("Accept"),
        intro=t("They wrote: “{claim}”.", claim=claim) if claim else "",
    )


async def decline_move(ctx: Context, form_: Form, values: Values) -> Replies:
    """Leave them where they are, and say why."""
    request = int(form_.context["request"])
    return Toast(await moving.answer(ctx, request, accept=False, reason=str(values["reason"])))


@form("identity.decline_move", Permission.STAFF, submit=decline_move)
async def decline_move_form(ctx: Context, request: str) -> Form:
    """Why not."""
    _, person = await _asked(ctx, request)
    return reason_questions("identity.decline_move", person.name, t=ctx.t)


async def place_move(ctx: Context, form_: Form, values: Values) -> Replies:
    """Put them there."""
    request, house = int(form_.context["request"]), int(str(values["organisation"]))
    return Toast(await moving.answer(ctx, request, accept=True, organisation_id=house))


@form("identity.place_move", Permission.STAFF, submit=place_move)
async def place_move_form(ctx: Context, request: str) -> Form:
    """Where they belong."""
    row, _ = await _asked(ctx, request)
    claim = row.claim
    if row.organisation_id is not None:
        house = await ctx.session.get(Organisation, row.organisation_id)
        claim = house.name if house else ""
    return place_questions("identity.place_move", claim, await options_of(ctx), t=ctx.t)


async def _asked(ctx: Context, request: str) -> tuple[OrganisationRequest, Person]:
    row = await ctx.session.get(OrganisationRequest, int(request)) if request.isdecimal() else None
    person = await ctx.session.get(Person, row.person_id) if row else None
    if row is None or person is None:
        raise Refusal(ctx.t("This request is no longer there."))
    return row, person
