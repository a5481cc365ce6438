"""Whether others can be asked about a question, and by whom."""

from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.knowhow.bylines import wrote
from handlers.knowhow.experts.marks import ExpertStanding
from storage.enums import PostStatus
from storage.models import Post
from storage.queries import experts
from storage.queries.answering import Standing

QUESTION = "question"
"""The key of the kind of post about which others are asked."""


def may_have_asked(ctx: ReadContext, post: Post) -> bool:
    """Whether the reader may have others asked, and see who is: whoever wrote it, and the moderators."""
    return ctx.person is not None and (wrote(ctx, post) or ctx.may(Permission.MODERATE))


def takes_answers(post: Post, *, settled: bool) -> bool:
    """Whether a post, read with its kind, is a question that is still open. Who asks blind is asked nobody for."""
    return post.status is PostStatus.PUBLISHED and post.kind.key == QUESTION and not settled and not post.blind


async def expert_standing(ctx: ReadContext, post: Post, standing: Standing) -> ExpertStanding | None:
    """How a question stands for who may have others asked about it; ``None`` for everybody else."""
    settled = standing.closed or standing.solved_by is not None
    if not may_have_asked(ctx, post) or not takes_answers(post, settled=settled):
        return None
    begun = await experts.find_round(ctx.session, post.id)
    if begun is None:
        return ExpertStanding()
    return ExpertStanding(begun=True, asked=await experts.count_asked(ctx.session, post.id))
