"""Something stands in the way and it is not said what: it is asked, and the next words are kept as what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.case import Case
from bot.conversation import OpenQuestion, QuestionKind
from bot.effects import Ask
from bot.phrases import says_only
from bot.reading import OpenTask, read
from bot.reading.meaning import Item, Kind
from bot.tasks import Assignment, Status

#: The answer follows at once; later words speak of something else.
_FRESH_FOR = timedelta(hours=2)
#: How words may be read that tell what stands in the way; anything else they say goes before.
_MAY_TELL = frozenset({Kind.BLOCKED, Kind.UNCLEAR, Kind.OTHER})
_FEWEST_WORDS = 2


def untold(item: Item, words: str) -> bool:
    """Whether nothing is said but that something stands in the way: "1 vướng", or a state chosen for a bare number."""
    said = re.sub(r"[\d\W_]+", " ", item.reason or words)
    return item.kind is Kind.BLOCKED and (not said.strip() or says_only(said, "obstacle_alone"))


def ask(case: Case, one: Assignment) -> Ask:
    """The question of what it is, with no options: it is answered in words."""
    return Ask(case.person.id, QuestionKind.OBSTACLE, (), {"assignment": one.id}, (one.id,))


def told(case: Case, items: Sequence[Item]) -> tuple[Item, ...] | None:
    """With that question just put: the whole message is what stands in the way, unless it reads as something else."""
    one = _asked_of(case)
    if one is None or len(case.text.split()) < _FEWEST_WORDS:
        return None
    if any(item.kind not in _MAY_TELL or item.task not in (None, one.id) for item in items):
        return None
    asked = OpenTask(one.id, one.task.title, one.task.resolution, one.due.on if one.due else None)
    kinds = [item for item in read(f"vướng {case.text}", case.today, [asked], one.id).items if item.obstacle]
    return (Item(one.id, Kind.BLOCKED, reason=case.text, obstacle=kinds[0].obstacle),) if len(kinds) == 1 else None


def _asked_of(case: Case) -> Assignment | None:
    question = case.question
    if question is None or question.closed_at is not None or question.kind is not QuestionKind.OBSTACLE:
        return None
    if case.now - question.asked_at > _FRESH_FOR or _spoken_since(case, question):
        return None
    one = case.book.assignments.get(question.payload["assignment"])
    return one if one is not None and one.state.status is Status.BLOCKED else None


def _spoken_since(case: Case, question: OpenQuestion) -> bool:
    after = question.payload.get("after") or 0
    return case.book.talks.said_between(case.person.id, after, case.said_id or 0) > 0
