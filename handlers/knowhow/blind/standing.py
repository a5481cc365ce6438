"""How a blind post stands for its reader."""

from handlers.conversation.context import ReadContext
from handlers.knowhow.blind.marks import BlindStanding
from handlers.knowhow.blind.rules import AGAIN_AFTER
from handlers.knowhow.bylines import wrote
from storage.enums import InterestState, PostStatus
from storage.models import Post
from storage.queries import blind

SAID_AGAIN = frozenset({InterestState.WITHDRAWN, InterestState.ENDED})
"""After which one can say it again, a while later."""


async def blind_standing(ctx: ReadContext, post: Post) -> BlindStanding | None:
    """How a blind post stands for its reader; ``None`` for all others, and where everybody reads."""
    if ctx.person is None or not post.blind or post.status is not PostStatus.PUBLISHED or ctx.acting is not None:
        return None
    if wrote(ctx, post):
        return BlindStanding(is_author=True, waiting=await blind.count_waiting(ctx.session, post.id))
    row = await blind.of_two(ctx.session, post.id, ctx.me.id)
    if row is None:
        return BlindStanding() if await blind.stands(ctx.session, post.id) else None
    again = row.at + AGAIN_AFTER if row.state in SAID_AGAIN and row.at + AGAIN_AFTER > ctx.now else None
    return BlindStanding(state=row.state, interest=row.id, again_at=again)
