"""Who wrote a post is asked in one place: a blind post has an author whose name nothing may say.

A module that reads the author of a post by itself is named here, with what it does with it. A new one is a new way for
a name to come out: let it ask ``handlers.knowhow.bylines`` or ``storage.queries.post_authors``, or say here why not.
"""

import ast

from tests.guards.test_source import modules

ASKS = {
    "handlers/knowhow/bylines.py": "the one place: what everybody reads",
    "storage/queries/post_authors.py": "the one place: under whom it is known, in rows and in SQL",
}
READS_THE_ID = {
    **ASKS,
    "handlers/digests/choosing.py": "so that nobody is reminded of their own",
    "handlers/digests/ranking.py": "so that nobody gets their own as news",
    "handlers/knowhow/answers/jobs.py": "tells the author",
    "handlers/knowhow/answers/notices.py": "whether the question is still of whoever marked the answer",
    "handlers/knowhow/answers/reports.py": "that nobody reports or judges their own; the view hides whom",
    "handlers/knowhow/answers/service.py": "tells who wrote the answer",
    "handlers/knowhow/blind/jobs.py": "tells the author",
    "handlers/knowhow/blind/notices.py": "whether the reader is the author",
    "handlers/knowhow/blind/service.py": "tells the author, holds both, looks at blocks",
    "handlers/knowhow/experts/notices.py": "blocks; only of questions, which are never blind",
    "handlers/knowhow/experts/service.py": "only of questions, which are never blind",
    "handlers/knowhow/jobs.py": "tells the author",
    "handlers/knowhow/matches/comparing.py": "colleagues, of whom nobody is told, and blocks before anybody is",
    "handlers/knowhow/matches/lessons.py": "which post is the other one; what is learned takes the named author",
    "handlers/knowhow/matches/pairs.py": "whether the side is still its owner's; a blind one leads to no person",
    "handlers/knowhow/matches/service.py": "blocks and introductions; a blind post leads to neither",
    "handlers/knowhow/moderating.py": "tells the author",
    "handlers/knowhow/reading.py": "so that who decided is not named where it is the author",
    "handlers/knowhow/service.py": "tells the author",
    "handlers/privacy/my_data.py": "one's own",
    "storage/queries/answering.py": "whether whoever asked is still there",
    "storage/queries/blind.py": "one's own, blocks, whether the author is still there",
    "storage/queries/departures.py": "which cards are redrawn when somebody goes",
    "storage/queries/digest_calls.py": "who has answered a call",
    "storage/queries/digest_posts.py": "so that nobody gets their own as news; the topics take the named author",
    "storage/queries/digests.py": "announcements",
    "storage/queries/erasure.py": "one's own",
    "storage/queries/experts.py": "only of questions, which are never blind",
    "storage/queries/expertise.py": "whose question it is; who wrote on it is taken from named posts only",
    "storage/queries/follows.py": "so that nobody gets their own as news",
    "storage/queries/match_lessons.py": "so that nobody is told of the same two twice",
    "storage/queries/matching.py": "one's own, and colleagues, of whom nobody is told",
    "storage/queries/partnering.py": "whether the author is still there; the file has no names",
    "storage/queries/post_visibility.py": "one's own can be read",
    "storage/queries/posts.py": "one's own",
    "storage/queries/reporting.py": "which reports go with somebody",
    "storage/queries/search_kinds.py": "whose an answer is, where it may be known",
    "storage/queries/waiting.py": "announcements",
}
READS_THE_PERSON = {
    **ASKS,
    "handlers/knowhow/blind/service.py": "for who was introduced to them, and the author themselves",
    "handlers/knowhow/matches/pairs.py": "loaded for the byline",
    "storage/queries/blind.py": "the same, loaded",
    "storage/queries/matching.py": "loaded for the byline",
    "storage/queries/posts.py": "loaded for the byline",
}
POSTS = {"post", "Post", "offer", "request", "other", "call", "row"}
"""What posts are called where their author is read."""
NO_POSTS = ("handlers/announcements/", "bot/platforms/webchat/")
"""Where announcements and messages have authors."""


def _read(attribute: str) -> dict[str, list[ast.Attribute]]:
    found: dict[str, list[ast.Attribute]] = {}
    for name, tree in modules("bot", "handlers", "storage/queries"):
        if name.startswith(NO_POSTS):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == attribute:
                found.setdefault(name, []).append(node)
    return found


def _called(node: ast.Attribute) -> str:
    owner = node.value
    return owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""


def test_who_wrote_a_post_is_asked_in_one_place() -> None:
    found = set(_read("author_id"))
    assert found - set(READS_THE_ID) == set(), "ask handlers.knowhow.bylines or storage.queries.post_authors"
    assert set(READS_THE_ID) - found == set(), "it no longer reads who wrote a post"


def test_the_name_of_who_wrote_a_post_is_asked_in_one_place() -> None:
    found = {name for name, nodes in _read("author").items() if any(_called(node) in POSTS for node in nodes)}
    assert found - set(READS_THE_PERSON) == set(), "ask handlers.knowhow.bylines"
    assert set(READS_THE_PERSON) - found - set(ASKS) == set(), "it no longer reads who wrote a post"


def test_the_notice_that_has_an_author_in_its_data_has_none_of_a_blind_post() -> None:
    """What waits to be sent is looked at by the staff, and handed over to whom it goes."""
    for name, tree in modules("handlers/knowhow"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "person":
                        told = ast.unparse(value)
                        allowed = {"handlers/knowhow/experts/service.py"}  # questions, which are never blind
                        assert "author_id" not in told.replace("named_author_id", "") or name in allowed, told
