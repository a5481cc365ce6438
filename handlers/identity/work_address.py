"""A code sent to a work address: whoever types it reads mail there, and belongs to the organisation whose domain it is.

Until the code is typed everybody is told the same, whether an organisation has that domain or none: nothing about the
list of organisations can be learnt by trying addresses that one does not read.
"""

from handlers.conversation.addresses import MailAddress, is_free_mail, read_address
from handlers.conversation.codes import (
    ADDRESS_GUESSES,
    ADDRESS_LIFE,
    ATTEMPT_WINDOW,
    MAILS_BY_ONE,
    MAILS_TO_ONE,
    new_nonce,
    same,
    tidy,
)
from handlers.conversation.context import Context, Refusal
from handlers.conversation.letters import send_letter
from handlers.identity import moving, service
from handlers.identity.proof import Answer, Confirmed, belongs_to
from storage.engine import lock
from storage.enums import CodeUse, PersonStatus
from storage.models import AddressCode, Person
from storage.queries import identity, organisations

LETTER = "identity.address_code"


class AddressError(ValueError):
    """No code is sent there; the message says why, to whoever typed it."""


async def send_code(ctx: Context, typed: str) -> MailAddress:
    """Have a code sent to an address.

    Raises:
        AddressError: it is no address, or one that everybody can get, or was asked for too often.
    """
    t = ctx.t
    if not ctx.community.mails:
        raise Refusal(t("I can't send e-mail at the moment. You can join by invitation, or ask the staff."))
    address = read_address(typed)
    if address is None:
        raise AddressError(t("This doesn't look like an e-mail address. Something like name@organisation.it?"))
    if is_free_mail(address.domain):
        raise AddressError(
            t(
                "{domain} is open to everybody, so it can't tell me where you work. Do you have an address of your "
                "organisation's? If not, just ask the staff: they will be glad to help.",
                domain=address.domain,
            )
        )
    await lock(ctx.session, Person, Person.id, ctx.me.id)
    codes, since = ctx.community.codes, ctx.now - ATTEMPT_WINDOW
    by, to = service.account_digest(ctx), codes.address(address.mailbox)
    if (
        await identity.attempts(ctx.session, CodeUse.MAIL_BY, by, since) >= MAILS_BY_ONE
        or await identity.attempts(ctx.session, CodeUse.MAIL_TO, to, since) >= MAILS_TO_ONE
    ):
        raise AddressError(t("I've sent several codes already. Please look in your inbox, or try again in an hour."))
    await service.note_attempt(ctx, CodeUse.MAIL_BY, by)
    await service.note_attempt(ctx, CodeUse.MAIL_TO, to)
    await identity.end_address_codes(ctx.session, ctx.me.id, ctx.now)
    code = AddressCode(
        person_id=ctx.me.id,
        address=str(address),
        nonce=new_nonce(),
        created_at=ctx.now,
        expires_at=ctx.now + ADDRESS_LIFE,
    )
    ctx.session.add(code)
    await ctx.session.flush()
    await send_letter(ctx, LETTER, str(address), expires=code.expires_at, data={"code": code.id})
    return address


async def confirm(ctx: Context, typed: str) -> Confirmed:
    """Take the code that somebody typed. The right one works once; after five wrong ones none does."""
    person, now = ctx.me, ctx.now
    by = service.account_digest(ctx)
    wrong = await identity.attempts(ctx.session, CodeUse.ADDRESS, by, now - ATTEMPT_WINDOW)
    if wrong >= ADDRESS_GUESSES * MAILS_BY_ONE:
        return Confirmed(Answer.NONE)
    code = await identity.live_address_code(ctx.session, person.id, now)
    if code is None or code.wrong >= ADDRESS_GUESSES:
        return Confirmed(Answer.NONE)
    if not same(ctx.community.codes.digits(code.nonce, code.address), tidy(typed)):
        code.wrong += 1
        await service.note_attempt(ctx, CodeUse.ADDRESS, by)
        return Confirmed(Answer.WRONG, guesses_left=ADDRESS_GUESSES - code.wrong)
    code.used_at = now
    if await identity.with_work_address(ctx.session, code.address, but=person.id):
        return Confirmed(Answer.TAKEN)
    person.work_address = code.address
    await ctx.session.flush()
    organisation = await organisations.of_domain(ctx.session, code.address.rpartition("@")[2])
    if organisation is None:
        return await _unknown(ctx, person)
    return await belongs_to(ctx, person, organisation)


async def _unknown(ctx: Context, person: Person) -> Confirmed:
    if person.status is PersonStatus.WAITING:
        await moving.show_request_anew(ctx, person)
    return Confirmed(Answer.UNKNOWN)
