"""The audit trail: one chain of digests an assignment, and an anchor over all heads. Append-only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Label, bindparam, case, func, select

from bot.store.kept import Kept, Row
from bot.store.part import Part
from bot.store.tables import anchor, journal, said, step
from bot.tasks import Change, Due, State

_FIRST = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of an assignment's chain."""

    number: int
    digest: bytes


def head_of(number: int | None, digest: bytes | None) -> Head:
    """The head of a row that has HEAD."""
    return Head(number or 0, digest or _FIRST)


class Journal(Part):
    """Changes, each chained to the one before it."""

    def add(
        self, change: Change, step_id: int, what: str, seat_id: int | None, head: Head, text_digest: bytes | None
    ) -> None:
        """Write one change down, after all that is written of its assignment: behind its head.

        `text_digest` is that of the text it came from; where it is None though there was a text, it is looked up.
        """
        if text_digest is None and change.step.said_id is not None:
            text_digest = self._scalar(_TEXT_DIGEST, {"said": change.step.said_id})
        values = {
            "province_id": self._province,
            "assignment_id": change.assignment_id,
            "number": head.number + 1,
            "step_id": step_id,
            "seat_id": seat_id,
            "what": what,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "at": change.step.at,
            "recorded_at": change.recorded_at,
            "text_digest": text_digest,
            "previous": head.digest,
        }
        self._insert(journal, **values, digest=_digest(values))

    def broken(self) -> list[int]:
        """The assignments whose chain was changed or cut from outside, or tells another story than their steps."""
        wrong = self._untold()
        expected: dict[int, tuple[int, bytes]] = {}
        mine = select(journal).where(journal.c.province_id == self._province)
        for row in self._rows(mine.order_by(journal.c.assignment_id, journal.c.number)):
            number, previous = expected.get(row["assignment_id"], (0, _FIRST))
            values = {name: row[name] for name in _CHAINED}
            if row["number"] != number + 1 or row["previous"] != previous or row["digest"] != _digest(values):
                wrong.append(row["assignment_id"])
            expected[row["assignment_id"]] = (row["number"], row["digest"])
        return sorted(set(wrong))

    def _untold(self) -> list[int]:
        """Assignments with a step that lacks its entry, or a taking back that lacks its own."""
        due = case((step.c.superseded_at.is_(None), 1), else_=2)
        steps = select(step.c.assignment_id).outerjoin(journal, journal.c.step_id == step.c.id)
        mine = steps.where(step.c.province_id == self._province).group_by(step.c.id)
        return list(self._connection.execute(mine.having(func.count(journal.c.id) != due)).scalars())

    def drop_anchor(self, now: datetime) -> None:
        """A digest over the heads of all chains, so that a chain cut at its end is found too."""
        heads = self._heads()
        whole = hashlib.sha256()
        for row in heads:
            whole.update(f"{row['assignment_id']}:{row['number']}:".encode() + row["digest"])
        self._insert(anchor, province_id=self._province, at=now, heads=len(heads), digest=whole.digest())

    def last_anchor(self) -> datetime | None:
        """When the last anchor was dropped."""
        mine = select(func.max(anchor.c.at)).where(anchor.c.province_id == self._province)
        return self._connection.execute(mine).scalar()

    def _heads(self) -> Sequence[Row]:
        mine = journal.c.province_id == self._province
        last = select(func.max(journal.c.id)).where(mine).group_by(journal.c.assignment_id)
        whole = select(journal.c.assignment_id, journal.c.number, journal.c.digest).where(journal.c.id.in_(last))
        return self._rows(whole.order_by(journal.c.assignment_id))


def _last(of_it: Column[Any]) -> Label[Any]:
    mine = select(of_it).where(journal.c.assignment_id == bindparam("assignment"))
    return mine.order_by(journal.c.number.desc()).limit(1).scalar_subquery().label(f"head_{of_it.name}")


#: What the next entry of an assignment is chained to, beside other columns asked of it.
HEAD = (_last(journal.c.number), _last(journal.c.digest))
_TEXT_DIGEST = Kept(select(said.c.digest).where(said.c.id == bindparam("said")))
_CHAINED = (
    "province_id",
    "assignment_id",
    "number",
    "step_id",
    "seat_id",
    "what",
    "before",
    "after",
    "at",
    "recorded_at",
    "text_digest",
    "previous",
)


#: What an entry keeps of a state: not the words in it, for those stand in tables of their own and may be erased.
_TOLD = tuple(field.name for field in fields(State) if field.name != "note")
_told = attrgetter(*_TOLD)


def _plain(state: State) -> dict[str, Any]:
    return {name: _flat(value) for name, value in zip(_TOLD, _told(state), strict=True) if value is not None}


def _flat(value: Any) -> Any:
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, Due):
        day = {"on": value.on.isoformat()}
        return day if value.at is None else {**day, "at": value.at.isoformat()}
    return value.isoformat()


#: Digests are made of these very bytes: never to be changed.
_encoded = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def _digest(values: dict[str, Any]) -> bytes:
    plain = {
        name: value.hex() if isinstance(value, bytes) else value.timestamp() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return hashlib.sha256(_encoded(plain).encode()).digest()
