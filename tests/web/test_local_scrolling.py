"""What of a conversation is in view: the newest, a long message from its top, and where somebody reads on their own."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.channels.local import Bubble
from tests.web.fake_desk import BEGIN
from tests.web.phones import SMALL, House

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE = "/phone/lan"


async def test_reading_further_up_is_not_disturbed(home: House) -> None:
    """New messages keep the page at its end, unless somebody scrolled up: then a button counts and leads there."""
    for number in range(40):
        home.desk.lay("lan", Bubble(f"l{100 + number}", False, f"tin {number}", BEGIN))
    page = await home.open(PHONE, size=SMALL)
    end = "() => { const e = document.querySelector('.scroll'); return e.scrollHeight - e.scrollTop - e.clientHeight }"
    await expect(page.locator(".bubble")).to_have_count(40)
    await home.letter("lan", "mới một")
    await expect(page.locator(".bubble")).to_have_count(41)
    assert await page.evaluate(end) < 2
    await page.locator(".scroll").hover()
    await page.mouse.wheel(0, -900)
    await expect(page.locator(".latest")).to_be_visible()
    before = await page.locator(".scroll").evaluate("node => node.scrollTop")
    await home.letter("lan", "mới hai")
    await expect(page.locator(".latest .badge")).to_have_text("1")
    assert await page.locator(".scroll").evaluate("node => node.scrollTop") == before
    await page.get_by_role("button", name="Xuống tin mới nhất").click()
    await expect(page.locator(".latest")).to_be_hidden()
    assert await page.evaluate(end) < 2


async def test_a_message_taller_than_the_screen_is_read_from_its_beginning(home: House) -> None:
    """Its first line is in view when it comes, and when the page opens again; nothing pulls a reader away."""
    long = "\n".join(f"dòng {number} của một biên nhận dài" for number in range(60))
    for number in range(8):
        home.desk.lay("lan", Bubble(f"l{100 + number}", False, f"tin {number}", BEGIN))
    page = await home.open(PHONE, await home.small_phone(), size=SMALL)
    await expect(page.locator(".bubble")).to_have_count(8)
    await home.letter("lan", long)
    newest = page.locator(".bubble").last
    top = """node => node.getBoundingClientRect().top - document.querySelector('.scroll').getBoundingClientRect().top"""
    await expect(newest).to_contain_text("dòng 59")
    assert 0 <= await newest.evaluate(top) < 60
    await expect(page.locator(".latest")).to_be_visible()
    await page.reload()
    await expect(newest).to_contain_text("dòng 59")
    assert 0 <= await newest.evaluate(top) < 60
    await page.locator(".scroll").evaluate("node => node.scrollBy(0, 200)")
    read = await page.locator(".scroll").evaluate("node => node.scrollTop")
    await page.set_viewport_size({"width": 360, "height": 420})
    assert await page.locator(".scroll").evaluate("node => node.scrollTop") == read
    await page.locator("textarea").fill("1 xong")
    await page.get_by_label("Gửi", exact=True).click()
    await expect(page.get_by_text("Đã nhận: 1 xong")).to_be_in_viewport()


async def test_older_messages_are_fetched(home: House) -> None:
    """The newest hundred first; the rest on request, without losing one's place."""
    for number in range(180):
        home.desk.lay("lan", Bubble(f"l{100 + number}", False, f"tin {number}", BEGIN))
    page = await home.open(PHONE)
    await expect(page.locator(".bubble")).to_have_count(100)
    await page.locator(".scroll").evaluate("node => { node.scrollTop = 0 }")
    await page.get_by_role("button", name="Xem tin cũ hơn").click()
    await expect(page.locator(".bubble")).to_have_count(180)
    await expect(page.locator(".bubble", has_text="tin 80").first).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Xem tin cũ hơn")).to_be_hidden()
