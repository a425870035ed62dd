"""The list of people in a real browser: opening phones side by side, what is unread, new phones, the language."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.web.phones import SMALL, House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_phones_stand_side_by_side_and_are_live(home: House) -> None:
    """An officer, the office and the chair are open at first; what one phone is told appears there at once."""
    page = await home.open("/")
    phones = page.locator(".stage iframe")
    await expect(phones).to_have_count(3)
    lan = page.frame_locator('iframe[data-name="lan"]')
    await lan.locator("textarea").fill("1 xong")
    await lan.locator("textarea").press("Enter")
    await expect(lan.locator(".theirs .text")).to_have_text("Đã nhận: 1 xong")
    await expect(page.locator('[data-name="lan"] .person-last')).to_have_text("Đã nhận: 1 xong")
    await expect(lan.locator("#clock")).to_be_hidden()
    await lan.get_by_role("button", name="Đóng máy này").click()
    await expect(phones).to_have_count(2)
    await page.reload()
    await expect(phones).to_have_count(2)


async def test_what_nobody_looked_at_is_unread(home: House) -> None:
    """A letter to a closed phone is counted in the list and the title, and opening the phone reads it."""
    page = await home.open("/#van-phong")
    await home.letter("lan", "Hạn thứ Bảy 20/9")
    badge = page.locator('.person[data-name="lan"] .badge')
    await expect(badge).to_have_text("1")
    await expect(page).to_have_title("(1) Nhắc Việc · nói thử")
    await page.locator('.person[data-name="lan"]').click()
    await expect(page.frame_locator('iframe[data-name="lan"]').locator(".theirs .text")).to_have_text(
        "Hạn thứ Bảy 20/9"
    )
    await expect(badge).to_be_hidden()


async def test_people_are_found_without_marks(home: House) -> None:
    """The search reads names, units and posts as one types them in a hurry."""
    page = await home.open("/#van-phong")
    await page.get_by_label("Tìm người, đơn vị").fill("binh hoa")
    await expect(page.locator(".person-name")).to_have_text(["Nguyễn Thị Lan"])
    await page.get_by_label("Tìm người, đơn vị").fill("không ai")
    await expect(page.locator(".people-list .notice")).to_contain_text("Không tìm thấy ai")


async def test_a_new_phone_joins_a_unit(home: House) -> None:
    """A deputy gets a phone with a code; a role the unit can't have is refused in the dialog."""
    home.forgiven = True
    page = await home.open("/#van-phong")
    await page.get_by_role("button", name="Máy mới").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Đơn vị", exact=True).select_option("Xã Bình Hòa")
    role = dialog.get_by_label("Vai trò", exact=True)
    await role.evaluate("node => node.append(new Option('', 'admin', true, true))")
    await dialog.get_by_role("button", name="Mở máy").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Chưa thêm được máy")
    await role.select_option("Đầu mối dự phòng")
    await dialog.get_by_role("button", name="Mở máy").click()
    await expect(dialog).to_be_hidden()
    await expect(page.frame_locator("iframe").last.locator(".join button")).to_contain_text("DK222")


async def test_a_list_that_could_not_be_asked_for_is_asked_for_again(home: House) -> None:
    """A connection that broke once leaves no empty page: seconds later people are there, and phones can be added."""
    home.forgiven = True
    page = home.tab
    await page.route("**/local/phones", lambda route: route.abort(), times=1)
    await home.open("/#van-phong")
    await expect(page.locator(".person-name")).to_have_count(4)
    await page.get_by_role("button", name="Máy mới").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_on_a_small_screen_the_list_leads_to_one_phone(home: House) -> None:
    """There nothing stands side by side: a tap opens a phone, its arrow leads back, and nothing scrolls sideways."""
    page = await home.open("/", await home.small_phone(), size=SMALL)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_text("Nguyễn Thị Lan").tap()
    await expect(page).to_have_url(f"{home.base}/phone/lan")
    await expect(page.locator(".clock-day")).not_to_be_empty()
    await page.get_by_label("Về danh sách máy").tap()
    await expect(page).to_have_url(f"{home.base}/")
    await expect(page.locator(".stage iframe")).to_have_count(0)


async def test_the_page_speaks_english_when_asked(home: House) -> None:
    """The choice holds for every page, dates and refusals included."""
    page = await home.open("/#lan")
    await page.get_by_role("button", name="EN").click()
    await expect(page.locator(".people-list h2").first).to_contain_text("Office and chair")
    await expect(page.frame_locator("iframe").get_by_label("Message", exact=True)).to_be_visible()
    await expect(page.locator(".clock-day")).to_have_text("Friday 12/9")
    assert await page.locator("html").get_attribute("lang") == "en"


async def test_the_list_is_walked_by_keyboard(home: House) -> None:
    """From the search to a person by Tab, opened by Enter; the phone is named for those who hear it read."""
    page = await home.open("/#van-phong")
    await page.get_by_label("Tìm người, đơn vị").focus()
    await page.get_by_label("Tìm người, đơn vị").fill("lan")
    await expect(page.locator(".person-name")).to_have_text(["Nguyễn Thị Lan"])
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator('iframe[title="Nguyễn Thị Lan"]')).to_be_attached()
    unnamed = """() => [...document.querySelectorAll("button, a, input, textarea, select, iframe")]
        .filter((node) => node.checkVisibility())
        .filter((node) => !(node.ariaLabel || node.title || node.textContent.trim() || node.labels?.length))
        .map((node) => node.outerHTML)"""
    for frame in page.frames:
        assert await frame.evaluate(unnamed) == []
