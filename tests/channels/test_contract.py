"""What every channel of the table promises to the rest of the house."""

from __future__ import annotations

import contextlib

import pytest

from bot.channels.table import CHANNELS, configured
from bot.messages import FileRef, Letter, SendFailed
from bot.settings import Settings
from tests.channels.bench import BENCHES, Bench, Notebook, heard


def test_every_channel_of_the_table_stands_under_the_contract() -> None:
    """No channel is in the table without a bench to prove it on."""
    assert set(BENCHES) == set(CHANNELS)


def test_nothing_configured_is_no_channel() -> None:
    """Without tokens there is no outside channel at all."""
    assert configured(Settings()) == []


def test_a_channel_knows_its_name_and_limits(bench: Bench) -> None:
    """Name and account stand in every address of the channel; its limits are ones the post can pace by."""
    channel = bench.channel
    assert (channel.name, channel.account) == (bench.lan.channel, bench.lan.account)
    assert channel.limits.text > 100
    assert channel.limits.per_second > 0 < channel.limits.per_chat_second


async def test_what_a_person_types_comes_through_the_door(bench: Bench, door: Notebook) -> None:
    """Text, sender and an aware time arrive, and the sender is where an answer goes."""
    async with heard(bench.channel, door):
        bench.says("1 xong r ạ")
        (message,) = await door.until(1)
    assert (message.text, message.sender) == ("1 xong r ạ", bench.lan)
    assert message.at.utcoffset() is not None


async def test_what_could_not_be_stored_comes_again_under_the_same_id(bench: Bench, door: Notebook) -> None:
    """A message the store refused is brought again until it is kept, and is the same message each time."""
    door.refusals = 2
    async with heard(bench.channel, door):
        bench.says("1 xong")
        bench.says("2 xong")
        kept = await door.until(2)
    assert [message.text for message in kept] == ["1 xong", "2 xong"]
    assert [message.id for message in door.tries[:3]] == [kept[0].id] * 3


async def test_a_letter_arrives_word_for_word(bench: Bench) -> None:
    """Markup of any kind, marks and emoji arrive as they were written, and the platform's id comes back."""
    text = "<b>1.</b> *Báo cáo* _NQ57_ `x` [a](b) & hạn 20/9 👍\n/start"
    receipt = await bench.channel.send(Letter(1, bench.lan, text))
    assert bench.sees() == [text]
    assert receipt.platform_id


async def test_a_letter_may_be_as_long_as_the_channel_says(bench: Bench) -> None:
    """The limit is one the platform takes, counted in UTF-16 units."""
    text = "ạ" * (bench.channel.limits.text - 2) + "👍"
    await bench.channel.send(Letter(1, bench.lan, text))
    assert bench.sees() == [text]


async def test_who_left_is_a_permanent_failure(bench: Bench) -> None:
    """Nobody writes on to a person who closed the door."""
    bench.leaves()
    with pytest.raises(SendFailed) as failed:
        await bench.channel.send(Letter(1, bench.lan, "Chào chị Lan"))
    assert failed.value.permanent


async def test_a_platform_that_is_gone_took_nothing(bench: Bench) -> None:
    """Where no byte left, the letter is not in doubt and the address is not dead."""
    await bench.breaks_down()
    with pytest.raises(SendFailed) as failed:
        await bench.channel.send(Letter(1, bench.lan, "Chào chị Lan"))
    assert (failed.value.written, failed.value.permanent) == (False, False)


async def test_sending_fails_in_one_way_only(bench: Bench) -> None:
    """Whatever a letter holds, it is sent or SendFailed says why."""
    hostile = "\x00\ud83d" + "a" * 20
    for letter in (
        Letter(1, bench.lan, hostile),
        Letter(2, bench.lan, ""),
        Letter(3, bench.lan, "x", reply_to="\ud83d"),
    ):
        with contextlib.suppress(SendFailed):
            await bench.channel.send(letter)
    assert "a" * 20 in bench.sees()[0]


async def test_a_file_is_fetched_whole_or_refused(bench: Bench, door: Notebook) -> None:
    """A file under the bound comes byte for byte; over it, or gone, it never will."""
    async with heard(bench.channel, door):
        bench.gives_file(b"%PDF-1.7 " + bytes(5000))
        (message,) = await door.until(1)
    (file,) = message.files
    assert await bench.channel.fetch(file, 10_000) == b"%PDF-1.7 " + bytes(5000)
    for ref, most in ((file, 5000), (FileRef(file.ref, file.name, file.kind), 5000), (FileRef("none", "x", "y"), 5000)):
        with pytest.raises(SendFailed) as failed:
            await bench.channel.fetch(ref, most)
        assert failed.value.permanent


async def test_a_channel_shows_no_secret(bench: Bench) -> None:
    """Neither the channel's own print nor a failure's words hold its secret."""
    await bench.breaks_down()
    with pytest.raises(SendFailed) as failed:
        await bench.channel.send(Letter(1, bench.lan, "x"))
    assert bench.secret is None or bench.secret not in f"{bench.channel!r} {failed.value!r} {failed.value.why}"
