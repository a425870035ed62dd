"""A phone of the local chat in a real browser: typing, buttons, files, what arrives, what fails and is sent again."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from bot.channels.local import Bubble, BubbleFile
from bot.messages import Button
from tests.web.fake_desk import BEGIN, FakeDesk, some_time_later
from tests.web.phones import SMALL, House, house

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE = "/phone/lan"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a346b0e0000000049454e44ae426082"
)


async def type_in(page: Page, words: str) -> None:
    await page.locator("textarea").fill(words)
    await page.locator("textarea").press("Enter")


async def shows(page: Page, *words: str) -> None:
    """The conversation is exactly this."""
    await expect(page.locator(".bubble .text:not([hidden])")).to_have_text(list(words))


async def test_what_is_typed_is_sent_and_answered(home: House) -> None:
    """Enter sends, Shift and Enter begins a line, the answer arrives by itself, and the field is empty again."""
    page = await home.open(PHONE)
    field = page.locator("textarea")
    await expect(field).to_be_focused()
    await page.keyboard.type("1 xong")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("2 60%")
    await page.keyboard.press("Enter")
    await shows(page, "1 xong\n2 60%", "Đã nhận: 1 xong\n2 60%")
    await expect(field).to_have_value("")
    await expect(page.locator(".mine time")).to_have_text("07:00")
    await expect(page.locator(".day")).to_have_text("Thứ Sáu, 12/9/2025")


async def test_only_whole_messages_are_sent_each_once_and_in_order(home: House) -> None:
    """Enter that ends a composed letter (Telex, VNI) sends nothing, nor does an empty field; hurried lines all go."""
    page = await home.open(PHONE)
    field = page.locator("textarea")
    await field.fill("xog")
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    assert await field.input_value() == "xog"
    await type_in(page, "   ")
    lines = [f"dòng {number}" for number in range(5)]
    for line in lines:
        await type_in(page, line)
    await expect(page.locator(".theirs")).to_have_count(5)
    assert [incoming.text for incoming in home.door.received] == lines


async def test_on_a_touched_phone_the_button_sends(home: House) -> None:
    """There Enter begins a new line, as on any phone's keyboard."""
    page = await home.open(PHONE, await home.small_phone(), size=SMALL)
    await type_in(page, "1 xong")
    await page.keyboard.type("ạ")
    await page.get_by_role("button", name="Gửi", exact=True).tap()
    await shows(page, "1 xong\nạ", "Đã nhận: 1 xong\nạ")


async def test_a_button_is_pressed(home: House) -> None:
    """Its data goes in, its label stands in the conversation."""
    page = await home.open(PHONE)
    await home.letter("lan", "Nhận chưa?", Button("Xác nhận", "3:0:ack"), Button("Chưa", "3:0:no"))
    await page.get_by_role("button", name="Xác nhận").click()
    await shows(page, "Nhận chưa?", "Xác nhận", "Đã nhận: 3:0:ack")
    assert [(incoming.button, incoming.text) for incoming in home.door.received] == [("3:0:ack", "")]


async def test_a_message_of_the_bot_is_answered_by_quoting_it(home: House) -> None:
    """A click on it, or its button by keyboard, quotes it; Escape lets go; the quote leads back to it."""
    page = await home.open(PHONE)
    await home.letter("lan", "Việc 1: lập Ban Chỉ đạo\nhạn 20/9")
    await page.locator(".theirs .box").click()
    await expect(page.locator(".answering p")).to_have_text("Việc 1: lập Ban Chỉ đạo")
    await page.keyboard.press("Escape")
    await expect(page.locator(".answering")).to_be_hidden()
    await page.get_by_role("button", name="Trả lời tin này").focus()
    await page.keyboard.press("Enter")
    await type_in(page, "xong rồi")
    await expect(page.locator(".mine .quote")).to_have_text("Việc 1: lập Ban Chỉ đạo")
    await expect(page.locator(".mine")).to_have_attribute("data-sending", "delivered")
    await expect(page.locator(".answering")).to_be_hidden()
    assert home.door.received[0].reply_to == "l1"
    mine = home.door.received[0].id
    home.desk.lay("lan", Bubble("l900", False, "Đã ghi", home.desk.now(), (), None, mine))
    home.desk.lay("lan", Bubble("l901", False, "Đã ghi: việc 1 xong", home.desk.now(), (), None, mine))
    await page.reload()
    await expect(page.locator(".theirs .quote:not([hidden])")).to_have_text(["xong rồi"] * 2)


async def test_files_are_sent_together(home: House) -> None:
    """Two picked files are one set with one caption; the picture is shown, the other can be saved as it was."""
    page = await home.open(PHONE)
    await page.locator("#picker").set_input_files(
        [
            {"name": "quyết định 45.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "ảnh.png", "mimeType": "image/png", "buffer": PNG},
        ]
    )
    await expect(page.locator(".staged li span")).to_have_text(["quyết định 45.pdf", "ảnh.png"])
    await type_in(page, "việc 1")
    await expect(page.get_by_role("img", name="Ảnh: ảnh.png")).to_have_js_property("naturalWidth", 1)
    await expect(page.locator(".staged")).to_be_hidden()
    first, second = home.door.received
    assert (first.text, second.text) == ("việc 1", "")
    assert first.album == second.album
    async with page.expect_download() as download:
        await page.locator(".mine .file", has_text="quyết định 45.pdf").click()
    saved = await (await download.value).path()
    assert saved.read_bytes() == b"%PDF-1.7"


async def test_a_file_is_dropped_or_pasted(home: House) -> None:
    """Both lay it beside the field; one can be taken off again; one too large is refused in words."""
    page = await home.open(PHONE)
    give = """([where, event, names]) => {
        const files = new DataTransfer();
        for (const name of names) files.items.add(new File(["x"], name, { type: "application/pdf" }));
        const about = { bubbles: true, cancelable: true, dataTransfer: files, clipboardData: files };
        const kind = event === "paste" ? ClipboardEvent : DragEvent;
        document.querySelector(where).dispatchEvent(new kind(event, about));
    }"""
    await page.evaluate(give, [".scroll", "drop", ["thả.pdf"]])
    await page.evaluate(give, ["textarea", "paste", ["dán.pdf"]])
    await page.get_by_role("button", name="Bỏ thả.pdf").click()
    await page.evaluate(
        """() => {
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], "phim.mp4"));
        document.querySelector(".scroll").dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: files }));
    }"""
    )
    await expect(page.locator(".composer .complaint")).to_contain_text("phim.mp4 lớn hơn 20 MB")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await shows(page, "Đã nhận: dán.pdf")
    await expect(page.locator(".composer .complaint")).to_be_hidden()


async def test_more_tabs_than_a_browser_has_connections(home: House) -> None:
    """Seven tabs are all live and able to ask: one connection serves the whole browser, and is passed on."""
    first = await home.open(PHONE)
    others = [await first.context.new_page() for _ in range(6)]
    await asyncio.gather(*(home.open(PHONE, page) for page in others))
    await home.letter("lan", "Hạn thứ Bảy 20/9")
    for page in others:
        await shows(page, "Hạn thứ Bảy 20/9")
    await first.goto("about:blank")
    await type_in(others[-1], "1 xong")
    for page in others:
        await shows(page, "Hạn thứ Bảy 20/9", "1 xong", "Đã nhận: 1 xong")


async def test_another_browser_sees_it_live(home: House) -> None:
    """The same phone in two browsers is one conversation, also where a browser has no live connections."""
    page, other = await home.open(PHONE), await home.small_phone()
    await other.add_init_script("delete window.EventSource")
    await other.clock.install()
    await home.open(PHONE, other, size=SMALL)
    await type_in(page, "1 xong")
    await shows(page, "1 xong", "Đã nhận: 1 xong")
    await other.clock.run_for(3500)
    await shows(other, "1 xong", "Đã nhận: 1 xong")


async def test_a_reload_keeps_the_conversation(home: House) -> None:
    """What the store holds is shown again, in order."""
    page = await home.open(PHONE)
    await type_in(page, "1 xong")
    await shows(page, "1 xong", "Đã nhận: 1 xong")
    await page.reload()
    await shows(page, "1 xong", "Đã nhận: 1 xong")


async def test_what_could_not_be_sent_is_sent_again(home: House) -> None:
    """A message that did not leave stays, holds back the next, and is sent again by a press, both in order."""
    home.forgiven = True
    page = await home.open(PHONE)
    await page.route("**/messages", lambda route: route.abort())
    await type_in(page, "1 xong")
    await expect(page.locator(".trouble")).to_contain_text("Chưa gửi được")
    await type_in(page, "2 xong")
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(page.locator(".theirs .text")).to_have_text(["Đã nhận: 1 xong", "Đã nhận: 2 xong"])
    await expect(page.locator(".trouble:not([hidden])")).to_have_count(0)
    assert [incoming.text for incoming in home.door.received] == ["1 xong", "2 xong"]


async def test_what_arrived_although_the_answer_was_lost_has_one_effect(home: House) -> None:
    """The page, knowing nothing, sends again under the same id; the conversation holds the message once."""
    home.forgiven = True
    page = await home.open(PHONE)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await expect(page.locator(".who h1")).to_have_text("Nguyễn Thị Lan")
    await page.route("**/lan?*", lambda route: route.abort())
    await page.route("**/messages", lose_the_answer, times=1)
    await type_in(page, "1 xong")
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(page.locator(".mine")).to_have_attribute("data-sending", "delivered")
    await page.unroute("**/lan?*")
    await type_in(page, "2 xong")
    await expect(page.locator(".mine .text")).to_have_text(["1 xong", "2 xong"])
    await expect(page.locator(".theirs .text")).to_have_text(["Đã nhận: 1 xong", "Đã nhận: 2 xong"])
    first, again, _ = home.door.received
    assert first.id == again.id


async def test_a_program_that_went_away_is_waited_for(home: House) -> None:
    """The page says that the line is lost, keeps what is typed, and goes on by itself once the program is back."""
    home.forgiven = True
    page = await home.open(PHONE)
    await home.stop()
    await expect(page.locator(".line")).to_have_text("Mất kết nối, đang thử lại…")
    await type_in(page, "1 xong")
    await expect(page.locator(".trouble")).to_contain_text("Chưa gửi được")
    await home.start()
    await home.letter("lan", "Hạn thứ Bảy 20/9")
    await expect(page.locator(".theirs .text")).to_have_text(["Hạn thứ Bảy 20/9", "Đã nhận: 1 xong"])
    await expect(page.locator(".line")).to_be_hidden()
    assert len(home.door.received) == 1


async def test_words_are_never_markup(home: House) -> None:
    """What somebody types, names a file or labels a button is text, in every place it is shown."""
    page = await home.open(PHONE)
    evil = "<img src=x onerror=\"document.title='evil'\"><script>document.title='evil'</script>"
    await home.letter("lan", evil, Button(evil, "1:1:x"))
    home.desk.lay("lan", Bubble("l900", False, "", BEGIN, (), BubbleFile(evil, "text/html", 5), "l1"))
    await type_in(page, evil)
    await expect(page.locator(".theirs .text").first).to_have_text(evil)
    await expect(page.locator(".mine .text")).to_have_text(evil)
    assert await page.locator(".bubbles img[src=x], .bubbles script").count() == 0
    assert await page.title() == "Nguyễn Thị Lan"


async def test_a_small_screen_never_scrolls_sideways(home: House) -> None:
    """Long words, many buttons, long names of files: all stay within the screen, and fingers hit what they aim at."""
    buttons = [Button(f"Lựa chọn rất dài số {number}", f"1:{number}:x") for number in range(4)]
    await home.letter("lan", "QĐ-" + "X" * 200 + "\n" + "kế hoạch " * 30, *buttons)
    home.desk.lay("lan", Bubble("l900", False, "", BEGIN, (), BubbleFile("y" * 120 + ".xlsx", "x/y", 5)))
    page = await home.open(PHONE, await home.small_phone(), size=SMALL)
    await expect(page.locator(".bubble")).to_have_count(2)
    overflow = """() => [...document.querySelectorAll("body *")]
        .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.className)"""
    for width in (320, 360, 412):
        await page.set_viewport_size({"width": width, "height": 640})
        assert await page.evaluate(overflow) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    for name in ("Gửi", "Gửi ảnh hoặc tệp", "Về danh sách máy"):
        box = await page.get_by_label(name, exact=True).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 40


async def test_days_are_set_apart(home: House) -> None:
    """Each day of the store has a line of its own."""
    await home.letter("lan", "thứ Sáu")
    some_time_later(home.desk, 24 * 60)
    await home.letter("lan", "thứ Bảy")
    page = await home.open(PHONE)
    await expect(page.locator(".day, .bubble .text")).to_have_text(
        ["Thứ Sáu, 12/9/2025", "thứ Sáu", "Thứ Bảy, 13/9/2025", "thứ Bảy"]
    )


async def test_a_unit_joins_by_a_tap(home: House) -> None:
    """The code is offered where nobody joined, sent by one tap, and gone afterwards."""
    page = await home.open("/phone/my-thoi", size=SMALL)
    await page.get_by_role("button", name="Chạm để gửi mã").click()
    await shows(page, "DK7K3 MPQR 49XT", "Đã nhận: DK7K3 MPQR 49XT")
    await expect(page.locator(".join")).to_be_hidden()


async def test_a_stranger_sees_what_was_said(home: House) -> None:
    """The store keeps nothing of a stranger, the phone does: the words and the hint, also after a reload."""
    page = await home.open("/phone/khach")
    await type_in(page, "xin chào")
    await shows(page, "xin chào", "Anh/chị gửi mã tham gia.")
    await expect(page.locator(".mine")).to_have_attribute("data-sending", "delivered")
    await page.reload()
    await shows(page, "xin chào", "Anh/chị gửi mã tham gia.")
    assert home.desk.bubbles == {}


async def test_what_is_typed_before_the_conversation_is_seen_stands_above_its_answer(home: House) -> None:
    """Words typed while the page still asks for the conversation are shown at once, sent then, and not put below."""
    page, held = home.tab, list[Route]()
    await page.route("**/khach?*", lambda route: held.append(route), times=1)  # noqa: PLW0108  (a bound append carries no mark of its own)
    await home.open("/phone/khach")
    await type_in(page, "xin chào")
    await shows(page, "xin chào")
    assert home.door.received == []
    await held[0].continue_()
    await shows(page, "xin chào", "Anh/chị gửi mã tham gia.")


async def test_a_name_that_is_none_is_told(home: House) -> None:
    """The address of no phone answers with a sentence."""
    page, home.forgiven = home.tab, True
    await page.goto(f"{home.base}/phone/Lan_1")
    await expect(page.locator("body")).to_contain_text("Không có máy này")


async def test_the_clock_jumps(home: House) -> None:
    """To the next reminder by one press, to a chosen moment, never back; every open page shows the new time."""
    home.forgiven = True
    other = await home.open("/phone/van-phong")
    page = await home.open(PHONE, await other.context.new_page())
    await page.get_by_role("button", name="Nhảy tới lần nhắc kế tiếp: 07:30 Thứ Hai 15/9").click()
    for each in (page, other):
        await expect(each.locator(".clock-time")).to_have_text("07:30")
    await expect(page.locator(".clock-next")).to_be_disabled()
    await page.get_by_role("button", name="Nhảy tới lúc khác").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Ngày giờ").evaluate("node => { node.min = ''; node.value = '2025-09-01T07:00' }")
    await dialog.get_by_role("button", name="Nhảy tới", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Lúc này đã qua")
    await dialog.get_by_role("button", name="07:30 ngày mai").click()
    await dialog.get_by_role("button", name="Nhảy tới", exact=True).click()
    await expect(page.locator(".clock-day")).to_have_text("Thứ Ba 16/9")
    await expect(dialog).to_be_hidden()
    assert home.desk.now().isoformat() == "2025-09-16T07:30:00+07:00"


async def test_real_data_shows_no_clock(tab: Page) -> None:
    """Where the store is no sample there is no bar."""
    async with house(tab, desk=FakeDesk(sample=False)) as home:
        page = await home.open(PHONE)
        await type_in(page, "1 xong")
        await shows(page, "1 xong", "Đã nhận: 1 xong")
        await expect(page.locator("#clock")).to_be_hidden()
