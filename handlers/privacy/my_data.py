"""What a person holds and what is held about them, read for the screens."""

from sqlalchemy import func, select

from handlers.conversation.context import ReadContext
from handlers.privacy.erasing import is_last_owner
from handlers.privacy.my_data_screens import AtStake, Held
from storage.enums import PostStatus
from storage.models import Person, Post, PostAnswer
from storage.queries import data_exports, departures, identity, personal_data


async def held_by(ctx: ReadContext) -> Held:
    """What is held about the reader."""
    me = ctx.me
    person = await identity.with_organisation(ctx.session, me.id)
    who = await personal_data.whose(ctx.session, me.id, ctx.community.codes.account)
    organisation = person.organisation.name if person is not None and person.organisation else me.organisation_claim
    return Held(
        name=me.name,
        organisation=organisation,
        platforms=list(dict.fromkeys(one.platform for one in who.accounts)),
        since=me.notice_accepted_at,
        zone=ctx.zone,
        rows=await personal_data.counts(ctx.session, who),
        waiting=await data_exports.open_export(ctx.session, me.id) is not None,
    )


async def at_stake(ctx: ReadContext, person: Person) -> AtStake:
    """What somebody would give up."""
    session, today = ctx.session, ctx.now.astimezone(ctx.community.zone).date()
    posts = select(func.count()).select_from(Post)
    answers = select(func.count()).select_from(PostAnswer)
    published = (Post.author_id == person.id, Post.status == PostStatus.PUBLISHED)
    return AtStake(
        events=len(await departures.events_to_come(session, person.id, ctx.now)),
        meetings=len(await departures.meetings_to_come(session, person.id, ctx.now)),
        missions=len(await departures.missions_to_come(session, person.id, today)),
        posts=(await session.execute(posts.where(*published))).scalar_one(),
        answers=(await session.execute(answers.where(PostAnswer.author_id == person.id))).scalar_one(),
        last_owner=await is_last_owner(ctx, person.id),
    )
