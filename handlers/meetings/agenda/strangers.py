"""People of whom no two have a meeting with each other: no more of them are busy at once than there are tables.

That follows from the tables, but only by counting meetings: each has at most one of these people. Where a few meet
everyone, as organisers and the largest companies do, the many others are nearly all strangers to one another, and there
are far more of them than tables.
"""

from collections import defaultdict
from collections.abc import Sequence

from handlers.meetings.agenda.problem import Problem


def groups_of_strangers(problem: Problem, number: int) -> list[list[str]]:
    """At most so many groups that have nobody in common, those with many meetings first; ids of people.

    Each is built up by taking whoever has the most meetings, less those of the people who cannot join any more then.
    """
    partners: defaultdict[str, set[str]] = defaultdict(set)
    meetings: defaultdict[str, int] = defaultdict(int)
    for request in problem.requests:
        for person in request.participants:
            meetings[person] += 1
            partners[person].update(other for other in request.participants if other != person)
    left = [person.id for person in problem.people if meetings[person.id]]
    groups: list[list[str]] = []
    while left and len(groups) < number:
        groups.append(_group(left, partners, meetings))
        left = [person for person in left if person not in groups[-1]]
    return groups


def _group(people: Sequence[str], partners: dict[str, set[str]], meetings: dict[str, int]) -> list[str]:
    group: list[str] = []
    free = dict.fromkeys(people)
    while free:
        best = max(
            free,
            key=lambda person: meetings[person] - sum(meetings[other] for other in partners[person] if other in free),
        )
        group.append(best)
        for person in (best, *partners[best]):
            free.pop(person, None)
    return group
