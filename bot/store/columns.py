"""Column types of ours: instants that keep their zone on every database, and JSON kept as text we control."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: 64-bit keys; SQLite numbers rows by itself only under the name INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


def microseconds(moment: datetime) -> int:
    """As an Instant is stored: since 1970, in UTC. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its zone can't be stored: {moment!r}")
    return (moment - _EPOCH) // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as UTC microseconds; a naive one is refused, for SQLite would drop the zone unseen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  (the hook's form)
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (the hook's form)
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_decoder = json.JSONDecoder()
#: What stands in most rows.
_EMPTY: dict[object, str] = {list: "[]", dict: "{}"}


def unpacked(text: str) -> Any:
    """What a Json column holds."""
    try:
        value, end = _decoder.raw_decode(text)
    except ValueError:
        end = -1
    # Not as we write it: blanks around it, or no JSON at all.
    return value if end == len(text) else _decoder.decode(text)


class Json(TypeDecorator[Any]):
    """Small structured values as text, the same bytes on every database (digests are made of them)."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  (the hook's form)
        if value is None:
            return None
        return _encoded(value) if value or type(value) not in _EMPTY else _EMPTY[type(value)]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  (the hook's form)
        return None if value is None else unpacked(value)
