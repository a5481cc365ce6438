"""Posts, answers, what was read, the search."""

from sqlalchemy import select

from storage.models import (
    GroupMember,
    Post,
    PostAnswer,
    PostAudience,
    PostKind,
    PostReading,
    PostRevision,
    SearchEntry,
    SearchEntryTopic,
    SearchTopic,
    SearchWord,
    Sector,
    WorkingGroup,
)
from storage.personal.terms import (
    Chapter,
    Declared,
    Erase,
    Link,
    Period,
    columns,
    is_person,
)

KNOWHOW = (
    Declared(
        model=PostKind,
        chapter=Chapter.NONE,
        says=columns(plain="id key has_deadline valid_months profile position active", house="name_it name_en"),
        kept=Period.COMMUNITY,
        why="The community's vocabulary.",
    ),
    Declared(
        model=Post,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id kind_id sector_id language deadline status created_at published_at decided_at visibility "
            "to_check edited_at valid_until asked_at blind",
            words="title body topics link attachment reason",
            person="author_id decided_by",
        ),
        links=(
            Link(
                role="author",
                rows=is_person(Post.author_id),
                export=(
                    Post.id,
                    Post.title,
                    Post.body,
                    Post.topics,
                    Post.language,
                    Post.link,
                    Post.deadline,
                    Post.attachment,
                    Post.status,
                    Post.created_at,
                    Post.published_at,
                    Post.decided_at,
                    Post.reason,
                    Post.visibility,
                    Post.blind,
                    Post.edited_at,
                    Post.valid_until,
                ),
                beside={
                    "kind": lambda: select(PostKind.name_en).where(PostKind.id == Post.kind_id).scalar_subquery(),
                    "sector": lambda: select(Sector.name_en).where(Sector.id == Post.sector_id).scalar_subquery(),
                },
                erase=Erase.ELSEWHERE,
            ),
            Link(
                role="decided by me",
                rows=is_person(Post.decided_by),
                export=(Post.id, Post.status, Post.decided_at),
                erase=Erase.CHANGE,
                blank={Post.decided_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="Published posts stay without a name or go, as the author chooses; all others go.",
    ),
    Declared(
        model=PostAnswer,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id post_id created_at edited_at", words="body", person="author_id"),
        links=(
            Link(
                role="author",
                rows=is_person(PostAnswer.author_id),
                export=(
                    PostAnswer.id,
                    PostAnswer.post_id,
                    PostAnswer.body,
                    PostAnswer.created_at,
                    PostAnswer.edited_at,
                ),
                erase=Erase.ELSEWHERE,
            ),
        ),
        kept=Period.PERSON,
        why="As posts.",
    ),
    Declared(
        model=PostAudience,
        chapter=Chapter.NONE,
        says=columns(plain="post_id group_id mission_id"),
        kept=Period.SUBJECT,
        why="Which group or mission a post is for; goes with it.",
    ),
    Declared(
        model=PostRevision,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id post_id at", words="was", person="editor_id"),
        links=(
            Link(
                role="author",
                rows=lambda who: PostRevision.post_id.in_(select(Post.id).where(Post.author_id == who.id)),
                export=(PostRevision.post_id, PostRevision.at, PostRevision.was),
                erase=Erase.ELSEWHERE,
            ),
            Link(
                role="changed by me",
                rows=is_person(PostRevision.editor_id),
                erase=Erase.CHANGE,
                blank={PostRevision.editor_id: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="What a post said before; goes with the post, and when its author is erased.",
    ),
    Declared(
        model=WorkingGroup,
        chapter=Chapter.NONE,
        says=columns(plain="id is_open created_at retired_at", house="name about"),
        kept=Period.COMMUNITY,
        why="The community's working groups.",
    ),
    Declared(
        model=GroupMember,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="group_id at", person="person_id added_by"),
        links=(
            Link(
                role="member of a working group",
                rows=is_person(GroupMember.person_id),
                export=(GroupMember.group_id, GroupMember.at),
                beside={
                    "group": lambda: (
                        select(WorkingGroup.name).where(WorkingGroup.id == GroupMember.group_id).scalar_subquery()
                    )
                },
                erase=Erase.DELETE,
            ),
            Link(
                role="added by me",
                rows=is_person(GroupMember.added_by),
                erase=Erase.CHANGE,
                blank={GroupMember.added_by: None},
            ),
        ),
        kept=Period.PERSON,
        why="Who may read what is shared with a group.",
    ),
    Declared(
        model=PostReading,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="post_id at", person="person_id"),
        links=(
            Link(
                role="reader",
                rows=is_person(PostReading.person_id),
                export=(PostReading.post_id, PostReading.at),
                beside={"post": lambda: select(Post.title).where(Post.id == PostReading.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.READINGS,
        why="So that a digest leaves out what was read.",
    ),
    Declared(
        model=SearchEntry,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id kind subject_id audience version subkind sectors language at until useful",
            words="title topics body",
            person="owner_id",
        ),
        links=(
            Link(
                role="owner",
                rows=is_person(SearchEntry.owner_id),
                erase=Erase.CHANGE,
                blank={SearchEntry.owner_id: None},
            ),
        ),
        kept=Period.SUBJECT,
        why="The search index; what goes leaves it in the same transaction, down to the index's own pages.",
    ),
    Declared(
        model=SearchWord,
        chapter=Chapter.NONE,
        says=columns(plain="documents", words="stem example"),
        kept=Period.SUBJECT,
        why="The words of everything that can be found; one that only a post that goes had goes with it.",
    ),
    Declared(
        model=SearchTopic,
        chapter=Chapter.NONE,
        says=columns(plain="id", words="folded name"),
        kept=Period.SUBJECT,
        why="The topics of everything that can be found; one that is no longer used goes.",
    ),
    Declared(
        model=SearchEntryTopic,
        chapter=Chapter.NONE,
        says=columns(plain="entry_id topic_id"),
        kept=Period.SUBJECT,
        why="Which topics an entry has; goes with it.",
    ),
)
