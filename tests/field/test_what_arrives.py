"""Defects that systems of this kind are known for: what people send and get arrives whole, and with nobody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.port import Limits
from bot.channels.telegram_updates import incoming
from bot.contacts import Role
from bot.store.book import Book
from tests.field.a_house_under_way import communes_of, lan_joins
from tests.opened_store import rows
from tests.talks.play import Talk

sizes = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(1, 5000)),
    min_size=1,
    max_size=5,
    unique_by=lambda size: size[0] * size[1],
)


class TestADocumentKeptAsASmallPicture:
    """What somebody photographs is kept as large as the platform has it."""

    @given(sizes)
    def test_the_largest_size_is_taken_in_any_order(self, offered: list[tuple[int, int]]) -> None:
        """However the sizes are ordered, the one with most pixels is fetched, whatever its weight."""
        photo = [
            {"file_id": f"{wide}x{high}", "file_unique_id": "u", "width": wide, "height": high, "file_size": 5_000_000}
            for wide, high in offered
        ]
        who = {"id": 11, "is_bot": False, "first_name": "Lan"}
        sent = {"message_id": 5, "date": 1757901600, "chat": {"id": 11, "type": "private"}, "from": who}
        message = incoming(
            {"update_id": 1, "message": {**sent, "photo": photo}}, "70", datetime(2025, 9, 15, tzinfo=UTC)
        )
        wide, high = max(offered, key=lambda size: size[0] * size[1])

        assert message is not None
        assert [file.ref for file in message.files] == [f"{wide}x{high}"]

    def test_it_is_kept_byte_for_byte(self, talk: Talk) -> None:
        """Three megabytes that Lan sent are three megabytes in the book: nothing is scaled on the way."""
        lan_joins(talk)
        scan = bytes(range(256)) * 12_000

        async def send() -> None:
            talk._file = lambda name: _kept(talk, name, scan)  # type: ignore[method-assign]
            await talk._says("lan", "xong, KH 45/KH-UBND", "file kh45.jpg")

        asyncio.run(send())
        (row,) = rows(talk.store, "file")
        assert talk.store.read_now(lambda book: book.inbox.file(row["digest"])) == ("image/jpeg", scan)


def _kept(talk: Talk, name: str, inside: bytes) -> Any:
    found = Talk._file(talk, name)
    talk.wire.files[name] = inside
    return found


class TestAListCutAtTheChannelsLimit:
    """A long list is divided; nobody at its end is left out."""

    @pytest.mark.parametrize("limit", [4096, 2000, 500])
    def test_every_commune_arrives(self, talk: Talk, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
        """Chị Hoa asks who is silent: all 102 communes, wards and special zones are named, in parts that fit."""
        small = Limits(text=limit, buttons=False, files=False, per_second=1000, per_chat_second=1000)
        monkeypatch.setattr(talk.wire, "limits", small)
        talk.play("at 2025-09-23 08:00\nhoa joins VPUBND as office")
        before = len(talk.wire.letters["hoa"])
        asyncio.run(talk._says("hoa", "ai chưa báo cáo", ""))

        parts = [one.text for one in talk.wire.letters["hoa"][before:]]
        named = {part.strip() for part in re.split(r"[,:\n]", "".join(parts))}
        communes = [unit.name for unit in talk.store.read_now(communes_of)]
        assert len(communes) == 102
        assert [name for name in communes if name.split(" ", 1)[1].removeprefix("khu ") not in named] == []
        assert max(map(len, parts)) <= limit
        assert len(parts) > 1


def test_only_the_office_hears_what_only_the_office_may(talk: Talk) -> None:
    """The same question of a contact brings no other commune's name: a list is not leaked by being complete."""
    lan_joins(talk, "2025-09-23 08:00")
    asyncio.run(talk._says("lan", "ai chưa báo cáo", ""))

    assert "An Châu" not in talk.wire.letters["lan"][-1].text
    assert Role.CONTACT in {one.role for one in talk.store.read_now(_seats)}


def _seats(book: Book) -> Sequence[Any]:
    return [one for person in book.people.in_roles(*Role) for one in person.seats]
