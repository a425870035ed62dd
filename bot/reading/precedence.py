"""Which kind a set of statements amounts to: one table, the first ruling that applies decides."""

from dataclasses import dataclass
from functools import lru_cache

from bot.reading.meaning import Kind


@dataclass(frozen=True, slots=True)
class Ruling:
    where: frozenset[str]  # any of these was said
    kind: Kind
    unless: frozenset[str] = frozenset()  # none of these may be said beside it
    certain: bool = True
    unsure_with: frozenset[str] = frozenset()

    def applies(self, facts: frozenset[str]) -> bool:
        return not self.where.isdisjoint(facts) and self.unless.isdisjoint(facts)


def _ruling(where: str, kind: Kind, *, unless: str = "", certain: bool = True, unsure_with: str = "") -> Ruling:
    return Ruling(frozenset(where.split()), kind, frozenset(unless.split()), certain, frozenset(unsure_with.split()))


RULINGS = (
    _ruling("too_much", Kind.UNCLEAR, certain=False),
    _ruling("prolonged", Kind.UNCLEAR, unless="asked_later", certain=False),
    _ruling("asked_later", Kind.EXTENSION),
    _ruling("returned", Kind.PROGRESS),
    _ruling("duty_done", Kind.DONE),
    _ruling("blocked", Kind.BLOCKED, unless="anyway"),
    _ruling("faulty", Kind.BLOCKED, unless="anyway", unsure_with="open"),
    _ruling("lacks", Kind.BLOCKED, unless="anyway inside"),
    _ruling("lacks", Kind.PROGRESS, unless="anyway", certain=False),
    _ruling("lacking", Kind.BLOCKED, unless="anyway handover done", certain=False),
    _ruling("doubted", Kind.UNCLEAR, certain=False),
    _ruling("inside", Kind.PROGRESS, unsure_with="unbegun"),
    _ruling("open put_up unsent anyway part_done", Kind.PROGRESS),
    _ruling("remains", Kind.PROGRESS, unless="none nothing_done"),
    _ruling("waiting", Kind.PROGRESS, certain=False),
    _ruling("thought", Kind.UNCLEAR, certain=False),
    _ruling("none nothing_done", Kind.NOT_STARTED, unsure_with="done sent_out all_done"),
    _ruling("done sent_out all_done", Kind.DONE, unsure_with="step_done"),
    _ruling("step_done", Kind.PROGRESS),
    _ruling("promised amount", Kind.PROGRESS),
    _ruling("handover", Kind.HANDOVER),
    _ruling("corrected", Kind.CORRECTION),
    _ruling("unasked", Kind.CORRECTION, certain=False),
    _ruling("offered question asked", Kind.QUESTION, unsure_with="late_unasked"),
    _ruling("already", Kind.DONE, unless="unreplied"),
    _ruling("already late free kept", Kind.UNCLEAR, certain=False),
    _ruling("sent", Kind.DONE, certain=False),
    _ruling("signed worked handed_in draft_sent submitting", Kind.PROGRESS, certain=False),
    _ruling("ack", Kind.ACK),
    _ruling("social", Kind.OTHER),
    _ruling("working", Kind.PROGRESS, certain=False),
)


@lru_cache(maxsize=1024)
def ruled(facts: frozenset[str]) -> tuple[Kind, bool]:
    for ruling in RULINGS:
        if ruling.applies(facts):
            return ruling.kind, ruling.certain and ruling.unsure_with.isdisjoint(facts)
    return Kind.UNCLEAR, False


@lru_cache(maxsize=1024)
def supported(facts: frozenset[str]) -> frozenset[Kind]:
    """Every kind that some of the facts speak for, whatever takes precedence."""
    return frozenset(ruling.kind for ruling in RULINGS if not ruling.where.isdisjoint(facts))
