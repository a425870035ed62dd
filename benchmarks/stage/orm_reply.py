"""The peer of the replies' benchmarks: the same reply as an application on SQLAlchemy's ORM would take it.

One session a message: known already? who is it, what is open, read, then message, words, step and answer as objects,
and the assignment's new state; one commit. It keeps no journal and no listings, and lets no held letters go.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload, registry, relationship

from bot.messages import Incoming
from bot.reading import OpenTask, read
from bot.reading.meaning import Kind
from bot.store import mail, tables

_STATUS = {Kind.DONE: "reported", Kind.PROGRESS: "in_progress", Kind.BLOCKED: "blocked"}
_STEP = {Kind.DONE: "done", Kind.PROGRESS: "progress", Kind.BLOCKED: "blocked"}
_OPEN = ("assigned", "in_progress", "blocked", "reported")


class Row:
    """An object of one table; its columns are its attributes."""

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


class Person(Row): ...


class At(Row): ...


class Seat(Row): ...


class Task(Row): ...


class Assignment(Row): ...


class Inbox(Row): ...


class Said(Row): ...


class Step(Row): ...


class Letter(Row): ...


def _mapped() -> None:
    maps = registry()
    maps.map_imperatively(Seat, tables.seat)
    maps.map_imperatively(Person, tables.person, properties={"seats": relationship(Seat)})
    maps.map_imperatively(At, tables.address, properties={"person": relationship(Person)})
    maps.map_imperatively(Task, tables.task)
    maps.map_imperatively(Assignment, tables.assignment, properties={"task": relationship(Task)})
    for kind, table in ((Inbox, mail.inbox), (Said, tables.said), (Step, tables.step), (Letter, mail.letter)):
        maps.map_imperatively(kind, table)


_mapped()


def take(engine: Engine, incoming: Incoming, now: datetime, today: date) -> None:
    """Give one message its effect."""
    sender = incoming.sender
    place = {"channel": sender.channel, "account": sender.account}
    with Session(engine) as session, session.begin():
        if session.scalar(select(Inbox).filter_by(**place, external_id=incoming.id)) is not None:
            return
        at = session.scalars(select(At).filter_by(**place, peer=sender.peer)).one()
        units = [seat.unit_id for seat in at.person.seats if seat.until is None]
        mine = select(Assignment).where(tables.assignment.c.unit_id.in_(units), tables.assignment.c.status.in_(_OPEN))
        listed = session.scalars(mine.options(joinedload(Assignment.task)).order_by(tables.assignment.c.task_id)).all()
        known = {one.id: one for one in listed}
        open_tasks = [OpenTask(one.id, one.task.title, "57-NQ/TW", one.due_on) for one in listed]
        items = read(incoming.text, today, open_tasks).items
        _write(session, at, incoming, [(known.get(item.task or 0), item) for item in items], now)


def _write(session: Session, at: At, incoming: Incoming, items: list[tuple[Any, Any]], now: datetime) -> None:
    of = {"province_id": at.province_id}
    where = {"channel": at.channel, "account": at.account, "peer": at.peer}
    kept = json.loads(json.dumps({"text": incoming.text, "at": incoming.at.isoformat()}))
    received = Inbox(**of, **where, external_id=incoming.id, state="applied", tries=0, at=incoming.at, received_at=now)
    received.incoming = kept
    digest = hashlib.sha256(incoming.text.encode()).digest()
    said = Said(**of, person_id=at.person_id, channel=at.channel, at=incoming.at, text=incoming.text, digest=digest)
    session.add_all((received, said))
    session.flush()
    lines = []
    for one, item in items:
        if one is None or item.kind not in _STEP:
            continue
        told = {"percent": item.percent, "document": item.document}
        step = Step(**of, assignment_id=one.id, kind=_STEP[item.kind], at=incoming.at, said_id=said.id, **told)
        step.has_evidence = step.by_tap = step.for_unit = False
        step.seat_id, step.recorded_at = at.person.seats[0].id, now
        session.add(step)
        one.status, one.percent, one.last_report_at = _STATUS[item.kind], item.percent, incoming.at
        lines.append(f"Đã ghi: {one.task.title}.")
    answer = Letter(**of, **where, once=f"answer:{received.id}:1", person_id=at.person_id, kind="receipt", urgency=0)
    answer.text, answer.buttons, answer.state, answer.silent = "\n".join(lines) or "?", [], "planned", False
    answer.planned_at = answer.not_before = now
    answer.fence = answer.repeats = 0
    answer.answers_id, answer.reply_to = received.id, incoming.message_id
    session.add(answer)
