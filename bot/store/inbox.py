"""The book's part on what came in: each message once, with what became of it; and files, kept by digest in chunks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation import EvidenceFile
from bot.messages import Address, FileRef, Incoming
from bot.store.columns import Instant
from bot.store.files import evidence, file, file_chunk
from bot.store.kept import Kept
from bot.store.mail import inbox, refused_mark
from bot.store.part import Part
from bot.store.tables import address

_CHUNK = 256 * 1024
#: After so many tries a message is parked and its sender told.
TRIES = 3
#: How long what came in is kept; typed reports stand in `said`.
KEPT_FOR = timedelta(days=30)
#: Written out as the index has it, or SQLite would not see that it serves.
_UNFINISHED: ColumnElement[bool] = literal_column("inbox.state IN ('waiting','failed')")


#: Nothing is under way since then.
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One message as kept."""

    id: int
    state: str
    tries: int
    incoming: Incoming


class Inbox(Part):
    """Messages and files."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        super().__init__(connection, province_id)
        self._none_of: set[int] = set()

    def take_if_known(self, incoming: Incoming, state: str, now: datetime, since: datetime | None) -> int | None:
        """Keep a message, in one go, where somebody sits at its address and it follows no file that is here `since`.

        None where any of that is not so, or it is here already: who needs to know which asks, and may `take` it.
        """
        values = {**self._values(incoming, state, now), "since": since or _NEVER}
        created: int | None = self._scalar(_taken(self._connection.dialect.name), values)
        return created

    def _values(self, incoming: Incoming, state: str, now: datetime) -> dict[str, object]:
        sender = incoming.sender
        return {
            "province_id": self._province,
            "channel": sender.channel,
            "account": sender.account,
            "peer": sender.peer,
            "external_id": incoming.id,
            "state": state,
            "tries": 0,
            "at": incoming.at,
            "received_at": now,
            "incoming": _plain(incoming),
        }

    def take(self, incoming: Incoming, state: str, now: datetime) -> int | None:
        """Keep a message; None where it is here already."""
        sender = incoming.sender
        inbox_id = self._insert_new(inbox, **self._values(incoming, state, now))
        if inbox_id is None and self._connection.dialect.name == "postgresql":
            # A primary that was restarted shows what its standby may never have got: a commit of ours waits for both.
            known = (inbox.c.channel == sender.channel, inbox.c.account == sender.account)
            same = update(inbox).where(*known, inbox.c.external_id == incoming.id)
            self._connection.execute(same.values(tries=inbox.c.tries))
        return inbox_id

    def mark(self, inbox_id: int, state: str, *, tries: int | None = None, why: str | None = None) -> None:
        """What became of it."""
        values: dict[str, Any] = {"state": state, "why": why}
        if tries is not None:
            values["tries"] = tries
        self._connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(**values))

    def unfinished(self, limit: int = 100) -> tuple[InboxRow, ...]:
        """Messages that wait for their file or for another try, oldest first."""
        unsettled = (inbox.c.state.in_(["waiting", "failed"]), inbox.c.incoming.is_not(None))
        here = select(inbox).where(inbox.c.province_id == self._province, *unsettled)
        return tuple(
            InboxRow(row["id"], row["state"], row["tries"], _incoming(row["incoming"]))
            for row in self._rows(here.order_by(inbox.c.id).limit(limit))
        )

    def follows_a_file(self, incoming: Incoming, since: datetime) -> bool:
        """Whether another message of its sender, here since then, waits for the first try to fetch its files."""
        sender = incoming.sender
        where = {"channel": sender.channel, "account": sender.account, "peer": sender.peer}
        return self._first(_FETCHING, {**where, "external_id": incoming.id, "since": since}) is not None

    def depth(self) -> tuple[int, datetime | None]:
        """How many messages wait for their effect, and since when the oldest does."""
        unsettled = (_UNFINISHED, inbox.c.province_id == self._province)
        asked = select(func.count(), func.min(inbox.c.received_at)).where(*unsettled)
        many, since = self._connection.execute(asked).one()
        return many, since

    def row(self, inbox_id: int) -> InboxRow | None:
        """One message, ours until the end of the transaction: whoever else wants to give it its effect waits for us.

        None where it was never here, or what it said is no longer kept.
        """
        mine = select(inbox).where(inbox.c.id == inbox_id, inbox.c.incoming.is_not(None))
        row = self._first(mine.with_for_update())
        return InboxRow(row["id"], row["state"], row["tries"], _incoming(row["incoming"])) if row else None

    def of_peer(self, at: Address, limit: int = 200) -> tuple[InboxRow, ...]:
        """What one address sent, newest last."""
        here = (inbox.c.channel == at.channel, inbox.c.account == at.account, inbox.c.peer == at.peer)
        rows = self._rows(
            select(inbox).where(*here, inbox.c.incoming.is_not(None)).order_by(inbox.c.id.desc()).limit(limit)
        )
        return tuple(InboxRow(row["id"], row["state"], row["tries"], _incoming(row["incoming"])) for row in rows[::-1])

    def forget_old(self, now: datetime) -> None:
        """Drop messages past their keeping; the row stays as the mark that it was here."""
        old = (
            inbox.c.received_at < now - KEPT_FOR,
            inbox.c.incoming.is_not(None),
            inbox.c.state.in_(["applied", "parked"]),
        )
        self._connection.execute(update(inbox).where(*old).values(incoming=None))

    def drop(self, inbox_id: int) -> None:
        """Keep nothing of what a message said; only that it came."""
        self._connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(incoming=None))

    def note_refused(self, at: Address, external_id: str, why: str, now: datetime) -> bool:
        """A message we must not keep: that it came, never what it said. False where it is known already."""
        where = {"channel": at.channel, "account": at.account, "external_id": external_id}
        if self._first(select(refused_mark.c.id).filter_by(**where)) is not None:
            return False
        self._insert(refused_mark, at=now, why=why, **where)
        return True

    def keep_file(self, data: bytes, kind: str) -> tuple[int, str]:
        """Keep a file's bytes once; its row and digest."""
        digest = hashlib.sha256(data).hexdigest()
        where = (file.c.province_id == self._province, file.c.digest == digest)
        known = self._connection.execute(select(file.c.id).where(*where)).scalar()
        if known is not None:
            return known, digest
        new = {"province_id": self._province, "digest": digest, "kind": kind, "size": len(data)}
        file_id = self._insert_new(file, **new)
        if file_id is None:
            return self._connection.execute(select(file.c.id).where(*where)).scalar_one(), digest
        chunks = [
            {"file_id": file_id, "number": number, "data": data[start : start + _CHUNK]}
            for number, start in enumerate(range(0, len(data), _CHUNK))
        ]
        if chunks:
            self._connection.execute(file_chunk.insert(), chunks)
        return file_id, digest

    def file(self, digest: str) -> tuple[str, bytes] | None:
        """Kind and bytes of a file of this province."""
        row = self._first(select(file).where(file.c.province_id == self._province, file.c.digest == digest))
        if row is None:
            return None
        parts = select(file_chunk.c.data).where(file_chunk.c.file_id == row["id"]).order_by(file_chunk.c.number)
        return row["kind"], b"".join(self._connection.execute(parts).scalars())

    def digest_sent(self, person_id: int, at: datetime, name: str) -> str | None:
        """The digest of a file that a person sent at that moment under that name."""
        mine = (evidence.c.person_id == person_id, evidence.c.at == at, evidence.c.name == name)
        whole = select(file.c.digest).join(evidence, evidence.c.file_id == file.c.id).where(*mine)
        return self._connection.execute(whole.limit(1)).scalar()

    def keep_evidence(
        self, person_id: int, file_id: int, name: str, album: str | None, said_id: int | None, at: datetime
    ) -> int:
        """A file somebody sent, not yet placed with a task."""
        self._none_of.discard(person_id)
        values = {"file_id": file_id, "name": name, "album": album, "said_id": said_id, "at": at}
        return self._insert(evidence, province_id=self._province, person_id=person_id, **values)

    def attach(self, evidence_ids: Iterable[int], assignment_id: int) -> None:
        """These files belong to this assignment."""
        here = update(evidence).where(evidence.c.id.in_(list(evidence_ids)))
        self._connection.execute(here.values(assignment_id=assignment_id))

    def none_unplaced(self, person_id: int) -> None:
        """It was just seen that none of this person's files waits for its task: none is looked for until one comes."""
        self._none_of.add(person_id)

    def unplaced(self, person_id: int) -> tuple[EvidenceFile, ...]:
        """Files of this person that wait for their task."""
        if person_id in self._none_of:
            return ()
        return self._evidence(_UNPLACED, person=person_id)

    def placed(self, assignment_ids: Sequence[int]) -> tuple[EvidenceFile, ...]:
        """Files kept with these assignments."""
        return self._evidence(_PLACED, assignments=list(assignment_ids))

    def album_place(self, person_id: int, album: str) -> int | None:
        """The assignment that another picture of this album was placed with."""
        mine = (evidence.c.person_id == person_id, evidence.c.album == album, evidence.c.assignment_id.is_not(None))
        return self._connection.execute(select(evidence.c.assignment_id).where(*mine).limit(1)).scalar()

    def _evidence(self, which: Select[Any] | Kept, **params: object) -> tuple[EvidenceFile, ...]:
        rows = self._rows(which, {"province": self._province, **params})
        names = ("id", "name", "kind", "size", "person_id", "assignment_id", "album", "at")
        return tuple(EvidenceFile(**{name: row[name] for name in names}) for row in rows)


_EVIDENCE = (
    select(evidence, file.c.kind, file.c.size)
    .join(file, file.c.id == evidence.c.file_id)
    .where(evidence.c.province_id == bindparam("province"))
    .order_by(evidence.c.id)
)
_UNPLACED = Kept(_EVIDENCE.where(evidence.c.person_id == bindparam("person"), evidence.c.assignment_id.is_(None)))
_PLACED = _EVIDENCE.where(evidence.c.assignment_id.in_(bindparam("assignments", expanding=True)))


def _fetching() -> Select[Any]:
    """Another message from the same place, which waits for the first try to fetch its files."""
    other = inbox.alias("other")
    # Written out as the index has it, or SQLite would not see that it serves.
    waits: ColumnElement[bool] = literal_column("other.state IN ('waiting','failed') AND other.state = 'waiting'")
    place = (other.c[name] == bindparam(name, type_=String) for name in ("channel", "account", "peer"))
    first = (waits, other.c.tries == 0, other.c.received_at > bindparam("since", type_=Instant))
    return select(other.c.id).where(*first, *place, other.c.external_id != bindparam("external_id", type_=String))


_FETCHING = Kept(_fetching().limit(1))


@cache
def _taken(dialect: str) -> Kept:
    """A row of exactly these values, if somebody sits there and no file of theirs is being fetched."""
    columns = [column for column in inbox.c if column.name not in ("id", "why")]
    place = (address.c[name] == bindparam(name, type_=String) for name in ("channel", "account", "peer"))
    ours = address.c.province_id == bindparam("province_id", type_=inbox.c.province_id.type)
    new = select(*(bindparam(column.name, type_=column.type).label(column.name) for column in columns)).where(
        exists().where(ours, *place), ~_fetching().exists()
    )
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(inbox)
    filled = insert.from_select([column.name for column in columns], new)
    return Kept(filled.on_conflict_do_nothing().returning(inbox.c.id))


#: What is kept of a message as it stands, where it says anything.
_AS_IT_STANDS = tuple(field.name for field in fields(Incoming) if field.name not in ("sender", "at", "files"))
_as_it_stands = attrgetter(*_AS_IT_STANDS)


def _plain(incoming: Incoming) -> dict[str, Any]:
    sender = incoming.sender
    plain = {name: value for name, value in zip(_AS_IT_STANDS, _as_it_stands(incoming), strict=True) if value}
    plain["sender"] = {"channel": sender.channel, "account": sender.account, "peer": sender.peer}
    plain["at"] = incoming.at.isoformat()
    if incoming.files:
        plain["files"] = [
            {"ref": one.ref, "name": one.name, "kind": one.kind, "size": one.size} for one in incoming.files
        ]
    return plain


def _incoming(plain: dict[str, Any] | None) -> Incoming:
    if plain is None:
        raise LookupError("nothing of this message is kept")
    values = dict(plain)
    values["sender"] = Address(**values["sender"])
    values["at"] = datetime.fromisoformat(values["at"])
    values["files"] = tuple(FileRef(**one) for one in values.get("files", ()))
    return Incoming(**{"text": "", **values})
