"""The web application: health, the bound on bodies, serving in a loop that others own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.web.app import application, serve


class Watched:
    """A house that says of itself what it was told to."""

    def __init__(self, state: Mapping[str, object] | Exception, figures: str = "nhacviec_letters_held 0\n") -> None:
        self._state = state
        self._figures = figures

    async def health(self) -> Mapping[str, object]:
        if isinstance(self._state, Exception):
            raise self._state
        return self._state

    ready = health

    async def figures(self) -> str:
        await self.health()
        return self._figures


WELL = Watched({"store": "ok"})


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


ECHO = Route("/echo", echo, methods=["POST"])


def asked(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://nhacviec.example")  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/healthz", "/healthz/ready"])
async def test_health_is_told(path: str) -> None:
    """200 with what is well."""
    async with asked(application([], WELL)) as web:
        answer = await web.get(path)
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "store": "ok"})


@pytest.mark.parametrize("path", ["/healthz", "/healthz/ready"])
async def test_what_is_not_well_answers_503(path: str) -> None:
    """A load balancer sees at once that this replica can't store."""
    async with asked(application([], Watched({"ok": False, "store": "disk full"}))) as web:
        answer = await web.get(path)
    assert (answer.status_code, answer.json()["store"]) == (503, "disk full")


@pytest.mark.parametrize("path", ["/healthz", "/healthz/ready"])
async def test_a_health_check_that_fails_says_nothing_of_why(path: str) -> None:
    """The reason goes to the log, not to whoever asked."""
    async with asked(application([], Watched(OSError("postgresql://nhacviec:s3cret@db")))) as web:
        answer = await web.get(path)
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


async def test_a_living_process_is_not_restarted_for_its_databases_sake() -> None:
    """However ill the house, the process lives: whoever restarts dead ones leaves it alone."""
    async with asked(application([], Watched(OSError("database away")))) as web:
        assert (await web.get("/healthz/live")).status_code == 200


async def test_figures_are_for_the_houses_own_network() -> None:
    """Prometheus gets them directly; through the public proxy they are not there; what fails says nothing of why."""
    async with asked(application([], WELL)) as web:
        answer = await web.get("/metrics")
        from_outside = await web.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    async with asked(application([], Watched(OSError("postgresql://nhacviec:s3cret@db")))) as web:
        failed = await web.get("/metrics")

    assert (answer.text, answer.headers["content-type"].partition(";")[0]) == (
        "nhacviec_letters_held 0\n",
        "text/plain",
    )
    assert (from_outside.status_code, from_outside.text) == (404, "")
    assert (failed.status_code, failed.text) == (503, "")


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413)])
async def test_a_body_is_bounded_by_its_told_length(size: int, status: int) -> None:
    """One byte over the bound is refused."""
    async with asked(application([ECHO], WELL, most_bytes=1000)) as web:
        assert (await web.post("/echo", content=bytes(size))).status_code == status


@pytest.mark.parametrize(("pieces", "status"), [(10, 200), (11, 413)])
async def test_a_body_is_bounded_while_it_comes(pieces: int, status: int) -> None:
    """A body whose length nobody told is stopped where it passes the bound."""

    async def dripped() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield bytes(100)

    async with asked(application([ECHO], WELL, most_bytes=1000)) as web:
        assert (await web.post("/echo", content=dripped())).status_code == status


async def test_a_length_that_is_no_number_is_refused() -> None:
    """A header made up to slip past the bound is no way in."""
    async with asked(application([ECHO], WELL)) as web:
        assert (await web.post("/echo", content=b"x", headers={"content-length": "-1"})).status_code == 413


async def test_serving_starts_and_stops_in_a_loop_of_others() -> None:
    """The caller learns the port, keeps its own signal handlers, and stops the server by an event."""
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    before = signal.getsignal(signal.SIGINT)
    serving = asyncio.create_task(serve(application([], WELL), "127.0.0.1", 0, stop, bound=port.set_result))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{await port}", trust_env=False) as web:
        answer = await web.get("/healthz")
    assert answer.json()["ok"] is True
    assert "server" not in answer.headers
    assert signal.getsignal(signal.SIGINT) is before
    stop.set()
    async with asyncio.timeout(20):
        await serving


async def test_a_port_in_use_is_an_error_that_can_be_told() -> None:
    """A taken port raises OSError, for doctor and the start to put in words; it does not end the process."""
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(application([], WELL), "127.0.0.1", 0, stop, bound=port.set_result))
    with pytest.raises(OSError, match="ddress"):
        await serve(application([], WELL), "127.0.0.1", await port, stop)
    stop.set()
    await serving
