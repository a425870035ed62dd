"""Who is answered: a browser on this machine, on this page, and nobody else."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.local import LocalChannel
from bot.web import loopback
from tests.web.conftest import BASE, asking
from tests.web.fake_desk import EchoDoor

MESSAGE = {"id": "0f3c0f3c-1", "text": "1 xong"}
ADDRESSES = ["/", "/phone/lan", "/local/chat.js", "/local/words", "/local/phones/lan", "/local/events", "/local/clock"]


def stranger(app: Starlette, base: str = BASE, client: str = "127.0.0.1") -> httpx.AsyncClient:
    """Somebody of whom nothing is known but where they ask from."""
    return asking(app, base, client)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
async def test_loopback_names_are_answered(app: Starlette, base: str) -> None:
    """Each name of this machine opens the page."""
    assert (await stranger(app, base).get("/")).status_code == 200


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8080",
        "127.0.0.1.evil.example:8080",
        "10.0.0.5:8080",
        "127.0.0.1",
        "127.0.0.1:81",
        "localhost:x",
        "",
    ],
)
async def test_any_other_host_is_refused(app: Starlette, path: str, host: str) -> None:
    """A rebound name, another address, another port: 403 with a sentence, on every address of the page."""
    answer = await stranger(app).get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "http://127.0.0.1:8080" in answer.text


async def test_a_request_without_a_host_is_refused(app: Starlette) -> None:
    """Whoever names no host is no browser."""
    client = stranger(app)
    del client.headers["user-agent"]
    request = client.build_request("GET", "/")
    del request.headers["host"]
    assert (await client.send(request)).status_code == 403


async def test_two_hosts_are_refused(app: Starlette) -> None:
    """A doubled header may be read differently by two readers."""
    headers = [("Host", "127.0.0.1:8080"), ("Host", "evil.example")]
    assert (await stranger(app).get("/", headers=headers)).status_code == 403


@pytest.mark.parametrize("client", ["10.0.0.5", "192.168.1.20", "::ffff:10.0.0.5", "2001:db8::1", "testclient"])
async def test_other_machines_are_refused(app: Starlette, client: str) -> None:
    """Whoever is not on this machine is refused, even with a forged Host."""
    assert (await stranger(app, client=client).get("/")).status_code == 403


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1"])
async def test_this_machine_is_answered(app: Starlette, client: str) -> None:
    """Every loopback address is this machine."""
    assert (await stranger(app, client=client).get("/")).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Anything",
        "Forwarded",
        "Via",
        "X-Real-IP",
    ],
)
@pytest.mark.parametrize("path", ["/", "/local/events", "/local/phones"])
async def test_proxies_are_refused(app: Starlette, header: str, path: str) -> None:
    """What came through a proxy came from elsewhere."""
    assert (await stranger(app).get(path, headers={header: "127.0.0.1"})).status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:8080", "https://127.0.0.1:8080", "http://127.0.0.1:3000", ""],
)
async def test_other_pages_cannot_write(app: Starlette, door: EchoDoor, origin: str) -> None:
    """Only the page itself, under the very name it was opened by, sends a message."""
    answer = await stranger(app).post("/local/phones/lan/messages", json=MESSAGE, headers={"Origin": origin})
    assert answer.status_code == 403
    assert door.received == []


@pytest.mark.parametrize("path", ["messages", "files", "seen"])
async def test_writing_without_an_origin_is_refused(app: Starlette, door: EchoDoor, path: str) -> None:
    """A form or a program that names no origin writes nothing."""
    assert (await stranger(app).post(f"/local/phones/lan/{path}", json=MESSAGE)).status_code == 403
    assert door.received == []


@pytest.mark.parametrize("path", ["/local/phones", "/local/clock"])
async def test_nobody_else_adds_phones_or_moves_time(app: Starlette, path: str) -> None:
    """The other two writing addresses are guarded alike."""
    assert (
        await stranger(app).post(path, json={"to": "next"}, headers={"Origin": "http://evil.example"})
    ).status_code == 403


@pytest.mark.parametrize("path", ["/local/events", "/local/phones/lan"])
async def test_other_pages_cannot_read(app: Starlette, path: str) -> None:
    """A foreign origin is refused on reading too, the live stream included."""
    assert (await stranger(app).get(path, headers={"Origin": "http://evil.example"})).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_other_pages_cannot_embed(app: Starlette, site: str) -> None:
    """A picture, script or frame of another page (of another port, too) gets nothing; a link to the page does."""
    embedded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    followed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await stranger(app).get("/local/phones/lan/files/l1", headers=embedded)).status_code == 403
    assert (await stranger(app).get("/phone/lan", headers=framed)).status_code == 403
    assert (await stranger(app).get("/phone/lan", headers=followed)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/local/phones", "/local/chat.css", "/local/nothing", "/phone/BAD"])
async def test_every_answer_carries_the_rules_of_the_page(browser: httpx.AsyncClient, path: str) -> None:
    """Nothing from elsewhere is loaded, nothing is guessed or kept, nobody frames us; refusals carry it too."""
    headers = (await browser.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_refusal_is_in_the_readers_language(app: Starlette, channel: LocalChannel) -> None:
    """Strangers read their sentence in the language of the page."""
    client = stranger(app, client="10.0.0.5")
    assert "Trang này chỉ mở được" in (await client.get("/")).text
    assert "This page opens only" in (await client.get("/", headers={"Cookie": "lang=en"})).text


@pytest.mark.parametrize(("port", "refused"), [(80, False), (8080, True)])
def test_on_the_web_port_the_host_needs_no_port(port: int, refused: bool) -> None:
    """Browsers leave port 80 out, and no other."""
    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "GET", "scheme": "http", "headers": headers, "client": ("::1", 5)}
    assert loopback.stranger({**scope, "server": ("127.0.0.1", port)}) is refused
