"""What the page may ask, and what it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from bot.channels.local import LARGEST_FILE, Bubble, BubbleFile, LocalChannel
from bot.contacts import Role
from bot.messages import Button
from bot.web.local_chat import LARGEST_MESSAGE
from tests.web.fake_desk import BEGIN, CODE, ZONE, EchoDoor, FakeDesk

ID = "0f3c0f3c-0001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


async def say(browser: httpx.AsyncClient, **message: Any) -> Any:
    return await browser.post("/local/phones/lan/messages", json={"id": ID, **message})


async def send_file(browser: httpx.AsyncClient, data: bytes, kind: str = "application/pdf", **about: str) -> Any:
    headers = {"Content-Type": kind}
    return await browser.post("/local/phones/lan/files", params={"id": ID, **about}, content=data, headers=headers)


async def bubbles(browser: httpx.AsyncClient, phone: str = "lan", **asked: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = (await browser.get(f"/local/phones/{phone}", params=asked)).json()["bubbles"]
    return shown


def lay_file(desk: FakeDesk, name: str, kind: str, data: bytes) -> None:
    """A letter l1 with a file on Lan's phone."""
    desk.files["digest"] = data
    desk.bubble_files["lan", "l1"] = "digest"
    desk.lay("lan", Bubble("l1", False, "", BEGIN, (), BubbleFile(name, kind, len(data))))


async def test_the_page_speaks_its_language(browser: httpx.AsyncClient) -> None:
    """Vietnamese unless English was chosen; an unknown language is Vietnamese; no mark is left unfilled."""
    vietnamese = (await browser.get("/")).text
    english = (await browser.get("/phone/lan", headers={"Cookie": "lang=en"})).text
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english
    assert '<html lang="vi">' in (await browser.get("/", headers={"Cookie": 'lang="><script>'})).text
    assert "{{" not in vietnamese + english


async def test_the_page_asks_for_nothing_from_elsewhere(browser: httpx.AsyncClient) -> None:
    """Style, script and icon are its own; neither text nor script stands in a style or handler of the page."""
    page = (await browser.get("/")).text
    assert "http" not in page.replace("http-equiv", "")
    assert " style=" not in page
    assert " onclick=" not in page
    for asset, kind in {"chat.css": "text/css", "chat.js": "text/javascript", "icon.svg": "image/svg+xml"}.items():
        assert (await browser.get(f"/local/{asset}")).headers["content-type"].startswith(kind)
        assert f"/local/{asset}" in page


async def test_texts_come_from_the_catalogues(browser: httpx.AsyncClient) -> None:
    """Every text the page asks for by name is there in both languages."""
    asked = set(re.findall(r'data-(?:say|label|hint)="(\w+)"', (await browser.get("/")).text))
    asked |= set(re.findall(r'say\("([\w.]+)"', (await browser.get("/local/chat.js")).text))
    for language in ("vi", "en"):
        said = (await browser.get("/local/words", headers={"Cookie": f"lang={language}"})).json()
        assert said["language"] == language
        assert said["languages"] == ["vi", "en"]
        assert {key for key in asked if not said["words"].get(f"web.{key}")} == set()
        assert all(key.startswith("web.") for key in said["words"])


async def test_everybody_is_listed_with_what_is_new(
    browser: httpx.AsyncClient, desk: FakeDesk, channel: LocalChannel
) -> None:
    """Names, posts in words, joined or not with the code to offer, the last words and their time, what is unread."""
    desk.lay("lan", Bubble("l1", False, "Hạn thứ Bảy 20/9", BEGIN))
    channel.unread["lan"] = 2
    entries = {entry["name"]: entry for entry in (await browser.get("/local/phones")).json()}
    assert entries["lan"]["roleName"] == "Đầu mối"
    assert entries["lan"]["unread"] == 2
    assert (entries["lan"]["last"], entries["lan"]["lastTime"]) == ("Hạn thứ Bảy 20/9", "07:00")
    assert (entries["my-thoi"]["joined"], entries["my-thoi"]["code"]) == (False, CODE)
    desk.time = datetime(2025, 9, 15, 8, 0, tzinfo=ZONE)
    assert {entry["name"]: entry["lastTime"] for entry in (await browser.get("/local/phones")).json()}["lan"] == "12/9"


async def test_a_new_phone_comes_with_a_code(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A unit gets one more phone; a unit or role that does not exist is refused in words."""
    made = await browser.post("/local/phones", json={"unit": "BINHHOA", "role": "deputy"})
    assert made.status_code == 201
    assert made.json()["code"]
    assert made.json()["name"] in desk.entries
    for wrong in ({"unit": "NOWHERE", "role": "contact"}, {"unit": "BINHHOA", "role": "emperor"}):
        assert (await browser.post("/local/phones", json=wrong)).status_code == 400


async def test_what_is_typed_reaches_the_door(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """Text, the message it answers and the phone's language arrive; the moment comes back."""
    answer = await say(browser, text="1 xong\n2 60%", replyTo="l7")
    (incoming,) = door.received
    assert answer.json()["time"] == "07:00"
    assert (incoming.text, incoming.reply_to, str(incoming.sender)) == ("1 xong\n2 60%", "l7", "local:main:lan")
    assert [bubble["text"] for bubble in await bubbles(browser)] == ["1 xong\n2 60%", "Đã nhận: 1 xong\n2 60%"]


async def test_a_message_sent_again_has_no_second_effect(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """The same id is the same message to the door, so the conversation holds it once."""
    await say(browser, text="1 xong")
    await say(browser, text="1 xong")
    assert [incoming.id for incoming in door.received] == [f"lan:{ID}"] * 2
    assert len(await bubbles(browser)) == 2


async def test_a_pressed_button_hands_in_its_data(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """A press carries no text."""
    await say(browser, button="12:1:done")
    assert (door.received[0].button, door.received[0].text) == ("12:1:done", "")


async def test_a_message_that_was_not_stored_is_not_confirmed(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """Where the store fails the page hears of it, and may send again."""
    door.broken = True
    with pytest.raises(OSError, match="disk is full"):
        await say(browser, text="1 xong")
    door.broken = False
    assert (await say(browser, text="1 xong")).status_code == 200


async def test_buttons_quotes_and_times_are_shown(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A bubble carries its buttons, what it answers, its time and its day in words."""
    desk.lay("lan", Bubble("l1", False, "Nhận chưa?", BEGIN, (Button("Đã nhận", "1:0:ack"),), None, "lan:0f3c"))
    (shown,) = await bubbles(browser)
    assert shown["buttons"] == [{"label": "Đã nhận", "data": "1:0:ack"}]
    assert (shown["replyTo"], shown["time"], shown["day"]) == ("lan:0f3c", "07:00", "Thứ Sáu, 12/9/2025")


async def test_a_long_conversation_is_shown_from_its_end(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """The newest first hundred, and more when asked."""
    for number in range(150):
        desk.lay("lan", Bubble(f"l{number}", False, str(number), BEGIN))
    first = (await browser.get("/local/phones/lan")).json()
    assert (first["bubbles"][0]["text"], len(first["bubbles"]), first["more"]) == ("50", 100, True)
    assert len(await bubbles(browser, most="400")) == 150
    assert len(await bubbles(browser, most="nonsense")) == 100


async def test_a_phone_nobody_knows_is_empty(browser: httpx.AsyncClient) -> None:
    """Any name is a phone; nobody has joined on it."""
    shown = (await browser.get("/local/phones/khach")).json()
    assert (shown["joined"], shown["code"], shown["bubbles"]) == (False, None, [])


async def test_looking_at_a_phone_makes_it_read(browser: httpx.AsyncClient, channel: LocalChannel) -> None:
    """Seen once, nothing is unread; the list is told, and only then."""
    channel.unread["lan"] = 3
    assert [(await browser.post("/local/phones/lan/seen")).status_code for _ in range(2)] == [204, 204]
    assert (await browser.get("/local/phones/lan")).json()["unread"] == 0
    assert channel.bell.count == 1


async def test_a_file_is_kept_before_it_is_told(browser: httpx.AsyncClient, desk: FakeDesk, door: EchoDoor) -> None:
    """Name, kind, size and caption arrive, and the ref leads to the bytes."""
    await send_file(browser, b"%PDF-1.7", name="Kế hoạch 45.pdf", text="việc 1", replyTo="l3", album=ID)
    (incoming,) = door.received
    (file,) = incoming.files
    assert (file.name, file.kind, file.size) == ("Kế hoạch 45.pdf", "application/pdf", 8)
    assert desk.files[file.ref] == b"%PDF-1.7"
    assert (incoming.text, incoming.reply_to, incoming.album) == ("việc 1", "l3", f"lan:{ID}")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lan\\kh.docx", "kh.docx"),
        ("a\x00b\u202egnp.exe", "abgnp.exe"),
        ("d" * 300 + ".pdf", "d" * 96 + ".pdf"),
        ("", "file"),
        ("///", "file"),
        (".pdf", ".pdf"),
    ],
)
async def test_names_of_files_are_made_plain(browser: httpx.AsyncClient, door: EchoDoor, given: str, kept: str) -> None:
    """No folder, no invisible sign, no endless name."""
    await send_file(browser, b"x", name=given)
    assert door.received[0].files[0].name == kept


async def test_a_kind_that_is_none_is_only_bytes(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """What the browser says of a file's kind is taken only where it is one."""
    await send_file(browser, b"x", kind="text/html;<script>")
    await send_file(browser, b"x", kind="<script>")
    assert [incoming.files[0].kind for incoming in door.received] == ["text/html", "application/octet-stream"]


async def test_a_file_over_the_limit_is_refused(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """20 MB pass, one byte more does not, declared or not."""
    whole = bytes(LARGEST_FILE)
    assert (await send_file(browser, whole)).status_code == 200
    desk.files.clear()
    assert (await send_file(browser, whole + b"x")).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        yield whole
        yield b"x"

    answer = await browser.post("/local/phones/lan/files", params={"id": ID}, content=pieces())
    assert answer.status_code == 413
    assert "20 MB" in answer.text
    assert desk.files == {}


async def test_an_empty_file_is_refused(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """There is nothing to keep."""
    assert (await send_file(browser, b"")).status_code == 400
    assert door.received == []


async def test_a_picture_is_shown(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A PNG is shown in place and can be saved."""
    lay_file(desk, "Tổng hợp.png", "image/png", PNG)
    (shown,) = await bubbles(browser)
    assert shown["file"]["picture"]
    answer = await browser.get(shown["file"]["url"])
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''T%E1%BB%95ng")
    saved = await browser.get(shown["file"]["url"], params={"save": ""})
    assert saved.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("a.html", "text/html", b"<script>alert(1)</script>"),
        ("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("a.png", "image/png", b"<html>no picture</html>"),
        ("a.xlsx", "application/vnd.ms-excel", b"PK\x03\x04"),
    ],
)
async def test_other_files_are_only_handed_over(
    browser: httpx.AsyncClient, desk: FakeDesk, name: str, kind: str, data: bytes
) -> None:
    """Nothing but a real picture is ever shown by the browser, whatever it claims to be."""
    lay_file(desk, name, kind, data)
    answer = await browser.get("/local/phones/lan/files/l1")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (404, "/local/phones/Lan!"),
        (404, "/phone/B%C3%ACnh"),
        (404, "/local/phones/" + "a" * 41),
        (404, "/local/secret.txt"),
        (400, "/local/phones/lan/files/l1%3Cb%3E"),
    ],
)
async def test_addresses_that_are_none(browser: httpx.AsyncClient, status: int, path: str) -> None:
    """Each is refused with a sentence."""
    answer = await browser.get(path)
    assert answer.status_code == status
    assert len(answer.text) > 10


async def test_a_file_that_is_gone(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """A file the store lost is told as gone."""
    lay_file(desk, "kh.pdf", "application/pdf", b"x")
    desk.files.clear()
    answer = await browser.get("/local/phones/lan/files/l1")
    assert (answer.status_code, "không còn" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"id": 1, "text": "x"}',
        b'{"id": "short", "text": "x"}',
        b'{"id": "0f3c0f3c-1/../", "text": "x"}',
        b'{"id": "0f3c0f3c-1", "text": ["x"]}',
        b'{"id": "0f3c0f3c-1", "text": "x", "replyTo": "<b>"}',
        b'{"id": "0f3c0f3c-1", "text": "x", "replyTo": 7}',
        b'{"id": "0f3c0f3c-1", "text": "  \\n"}',
        b"[" * 30000,
        b"\xff\xfe",
    ],
)
async def test_malformed_messages_are_refused(browser: httpx.AsyncClient, door: EchoDoor, body: bytes) -> None:
    """Whatever is not a message is answered with a sentence and reaches nobody."""
    headers = {"Content-Type": "application/json"}
    answer = await browser.post("/local/phones/lan/messages", content=body, headers=headers)
    assert answer.status_code == 400
    assert len(answer.text) > 10
    assert door.received == []


async def test_a_form_is_no_message(browser: httpx.AsyncClient) -> None:
    """Only JSON is read, which no form of another page can send unasked."""
    headers = {"Content-Type": "text/plain"}
    content = json.dumps({"id": ID, "text": "x"})
    assert (await browser.post("/local/phones/lan/messages", content=content, headers=headers)).status_code == 415


async def test_a_message_of_a_megabyte_is_refused(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """Long texts go as files; the person is told so."""
    answer = await say(browser, text="x" * 1024 * 1024)
    assert (answer.status_code, "gửi thành tệp" in answer.text) == (413, True)
    assert (await say(browser, text="x" * (LARGEST_MESSAGE - 100))).status_code == 200
    assert len(door.received) == 1


async def test_half_a_sign_can_be_stored(browser: httpx.AsyncClient, door: EchoDoor) -> None:
    """A lone surrogate becomes the sign for unreadable ones; everything else stays."""
    headers = {"Content-Type": "application/json"}
    content = b'{"id": "0f3c0f3c-1", "text": "\\ud83d xong \\ud83d\\udc4d"}'
    await browser.post("/local/phones/lan/messages", content=content, headers=headers)
    assert door.received[0].text == "\ufffd xong 👍"


async def test_the_clock_of_a_sample(browser: httpx.AsyncClient, desk: FakeDesk, channel: LocalChannel) -> None:
    """It shows the store's time and the next reminder, jumps there, then to a chosen moment; every page is told."""
    shown = (await browser.get("/local/clock")).json()
    assert (shown["time"], shown["day"], shown["local"]) == ("07:00", "Thứ Sáu 12/9", "2025-09-12T07:00")
    assert shown["next"] == {"time": "07:30", "day": "Thứ Hai 15/9"}
    after = (await browser.post("/local/clock", json={"to": "next"})).json()
    assert (after["local"], after["next"]) == ("2025-09-15T07:30", None)
    assert (await browser.post("/local/clock", json={"to": "2025-09-16T13:30"})).json()["time"] == "13:30"
    assert desk.now() == datetime(2025, 9, 16, 13, 30, tzinfo=ZONE)
    assert channel.bell.count == 2


@pytest.mark.parametrize("to", ["2025-09-12T06:59", "2024-01-01T00:00", "yesterday", "", "9999-99-99T00:00"])
async def test_time_never_goes_back(browser: httpx.AsyncClient, desk: FakeDesk, to: str) -> None:
    """A moment that passed, or is none, is refused and nothing moves."""
    assert (await browser.post("/local/clock", json={"to": to})).status_code == 409
    assert desk.now() == BEGIN


async def test_no_next_reminder_to_jump_to(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """Where none is planned the person is told to choose."""
    desk.next_reminder = None
    answer = await browser.post("/local/clock", json={"to": "next"})
    assert (answer.status_code, "chọn một lúc khác" in answer.text) == (409, True)


async def test_real_data_has_no_clock(browser: httpx.AsyncClient, desk: FakeDesk) -> None:
    """No bar, and no way to move time."""
    desk.sample = False
    assert (await browser.get("/local/clock")).json() is None
    assert (await browser.post("/local/clock", json={"to": "next"})).status_code == 404
    assert desk.now() == BEGIN


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_post_has_a_name(browser: httpx.AsyncClient, language: str) -> None:
    """Each role and each group of the list has its words."""
    said = (await browser.get("/local/words", headers={"Cookie": f"lang={language}"})).json()["words"]
    wanted = [f"web.role.{role}" for role in Role] + [f"web.group.{name}" for name in ("office", "joined", "waiting")]
    assert [key for key in wanted if not said.get(key)] == []
