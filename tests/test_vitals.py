"""What a running house tells of itself: ready or not, and figures that mean what they say and name nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot import vitals
from bot.clock import Clock, StillClock, monotonic, wall
from bot.messages import Incoming, LetterKind, SendFailed
from bot.post import Post
from bot.store.engine import Store
from bot.vitals import LATE_SWEEP, Pulse, Vitals
from tests.scripted_channel import ScriptedChannel, post_of
from tests.store import opening
from tests.store.opening import LAN, NOW, join, plan

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)
sqlite = pytest.fixture(params=["sqlite"])(opening.fresh_store)

_LINE = re.compile(r'(# (HELP|TYPE) .+|[a-z_]+(\{([a-z_]+="[^"\n]*"(,|(?=\})))*\})? -?[0-9.e+-]+)')


def watch(store: Store, post: Post, channel: ScriptedChannel, pulse: Pulse | None = None) -> Vitals:
    """The watch over a store and its post."""
    return Vitals(store, StillClock(NOW + timedelta(minutes=30)), post, {channel.key: channel}, pulse or Pulse())  # type: ignore[dict-item]


async def figures(watched: Vitals) -> dict[str, float]:
    """Name and labels to value, as Prometheus reads them."""
    told = await watched.figures()
    assert [line for line in told.splitlines() if not _LINE.fullmatch(line)] == []
    lines = (line.rpartition(" ") for line in told.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def test_what_became_of_letters_is_counted(store: Store) -> None:
    """One taken, one to a blocked address, one in doubt, one refused for our pace; what waits and what is held."""
    for number in range(5):
        plan(store, f"tin {number}", join(store, f"Lan {number}", f"telegram:1:{number}"), LetterKind.ASSIGNMENT)
    channel = ScriptedChannel()
    channel.complain_once(
        SendFailed("blocked", permanent=True, written=False),
        SendFailed("timed out"),
        None,  # type: ignore[arg-type]
        SendFailed("Too Many Requests", retry_at=wall() + timedelta(minutes=9), written=False),
    )
    post = post_of(store, channel)
    await post.drain(NOW)
    found = await figures(watch(store, post, channel))

    here = '{channel="telegram",account="1",outcome="%s"}'
    expected = dict.fromkeys(("accepted", "refused", "doubtful", "limited"), 1)
    sent = {name: many for name, many in found.items() if name.startswith("nhacviec_sent_total")}
    assert sent == {f"nhacviec_sent_total{here % outcome}": many for outcome, many in expected.items()}
    assert found["nhacviec_letters_held"] == 1
    assert found['nhacviec_letters_waiting{state="planned"}'] == 2
    assert found['nhacviec_pause_seconds{channel="telegram",account="1"}'] > 500
    assert found["nhacviec_oldest_unsent_seconds"] == 1800


async def test_a_message_without_its_effect_is_seen(store: Store) -> None:
    """How many wait, and for how long the oldest: an inbox that fills is an alarm."""
    join(store, "Lan", str(LAN))
    for number, state in enumerate(("waiting", "failed", "applied")):
        said = Incoming(LAN, f"m{number}", "1 xong", NOW, message_id=str(number))
        at = NOW + timedelta(minutes=number)
        store.write_now(lambda book, said=said, state=state, at=at: book.inbox.take(said, state, at))
    channel = ScriptedChannel()
    found = await figures(watch(store, post_of(store, channel), channel))

    assert (found["nhacviec_inbox_waiting"], found["nhacviec_inbox_oldest_seconds"]) == (2, 1800)


async def test_figures_name_nobody(sqlite: Store) -> None:
    """No name, chat or text of anybody leaves with the figures; of an account only its number, which is public."""
    lan = join(sqlite, "Nguyễn Thị Lan", "telegram:1:551203377")
    plan(sqlite, "tin", lan, says="Kế hoạch 45 của Bình Hòa")
    channel = ScriptedChannel()
    post = post_of(sqlite, channel)
    await post.drain(NOW)
    told = await watch(sqlite, post, channel).figures()

    assert not re.search("Lan|551203377|Bình Hòa|Kế hoạch", told)


async def test_a_dead_account_is_no_reason_to_bring_messages_elsewhere(sqlite: Store) -> None:
    """Its letters need a person, and health says so; the replica takes messages in as before."""
    channel = ScriptedChannel()
    post = post_of(sqlite, channel)
    post.stopped.add(channel.key)
    watched = watch(sqlite, post, channel)

    assert (await watched.ready())["ok"] is True
    assert (await watched.health())["ok"] is False
    assert (await figures(watched))['nhacviec_account_stopped{channel="telegram",account="1"}'] == 1


async def test_a_clock_that_stands_still_is_not_ready(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks that no longer come to their end show in the lag, and after a while the replica is not ready."""
    channel, pulse = ScriptedChannel(), Pulse()
    watched = watch(sqlite, post_of(sqlite, channel), channel, pulse)
    assert (await watched.ready())["ok"] is True

    later = monotonic() + LATE_SWEEP + 1
    monkeypatch.setattr(vitals, "monotonic", lambda: later)
    assert (await watched.ready())["ok"] is False
    pulse.beat(later - 2)
    assert (await watched.ready())["ok"] is True
    assert (await figures(watched))["nhacviec_sweep_seconds"] == pytest.approx(2, abs=0.01)


async def test_a_database_that_is_away_is_not_ready(sqlite: Store) -> None:
    """The answer comes, and says so; nothing is raised at whoever asks for health."""

    class Away(Store):
        def __init__(self) -> None:
            pass

        async def read(self, work: object) -> object:
            raise OSError("connection refused")

    channel = ScriptedChannel()
    post = post_of(sqlite, channel)
    watched = Vitals(Away(), Clock(), post, {channel.key: channel}, Pulse())  # type: ignore[dict-item]

    assert (await watched.ready())["ok"] is False
    assert (await watched.health())["database"] is False
    with pytest.raises(OSError, match="refused"):
        await watched.figures()
