"""The stream by which pages learn what changed: where it begins, how it is resumed, how it ends."""

from __future__ import annotations

import pytest

from bot.channels.local import Bell
from bot.web.local_chat import changes


async def test_the_stream_begins_by_saying_that_all_may_have_changed() -> None:
    """Who comes without a place in the stream reads everything anew, and then hears each change."""
    bell = Bell()
    stream = changes(bell, "")
    first = await anext(stream)
    bell.ring("lan")
    second = await anext(stream)
    assert f"id: {bell.mark}-0" in first
    assert 'data: {"all": true}' in first
    assert f"id: {bell.mark}-1" in second
    assert 'data: {"phone": "lan"}' in second


async def test_the_stream_is_resumed_without_a_gap() -> None:
    """Who lost the line gives the last event's id and hears what was missed, and nothing twice."""
    bell = Bell()
    for phone in ("lan", "hoa", "minh"):
        bell.ring(phone)
    stream = changes(bell, f"{bell.mark}-1")
    heard = [await anext(stream) for _ in range(3)]
    assert heard[0] == ":\n\n"
    assert ['"hoa"' in heard[1], '"minh"' in heard[2]] == [True, True]


@pytest.mark.parametrize("last", ["other-1", "nonsense", "-", "x-²", "x-99"])
async def test_a_forgotten_place_begins_anew(last: str) -> None:
    """A place of an earlier run of the program, or none at all, means reading everything anew."""
    bell = Bell()
    stream = changes(bell, last.replace("x", bell.mark))
    assert '"all": true' in await anext(stream)


async def test_a_silent_stream_shows_that_it_lives() -> None:
    """In silence a comment goes out, and the end of the channel ends the stream."""
    bell = Bell()
    stream = changes(bell, "", patience=0.01)
    await anext(stream)
    silence = await anext(stream)
    bell.close()
    assert silence == ":\n\n"
    assert [event async for event in stream] == []
