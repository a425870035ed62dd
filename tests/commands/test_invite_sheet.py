"""The printable sheet: eight cards a page, in the order of the list."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands.invite_sheet import CARDS_A_PAGE, sheet
from bot.contacts import Invite, Role, Unit, UnitKind
from bot.wording import Wording


def test_twenty_units_are_three_pages() -> None:
    """No page holds more than eight; names are escaped."""
    until = datetime(2025, 9, 25, tzinfo=UTC)
    invites = [
        Invite(Unit(n, str(n), f"Xã <{n}>", "xã", UnitKind.COMMUNE), Role.CONTACT, f"DK 222 3333 {n:04}", until)
        for n in range(20)
    ]
    page = sheet(invites, Wording("vi", ZoneInfo("Asia/Ho_Chi_Minh")))

    assert [main.count("<article>") for main in page.split("<main>")[1:]] == [CARDS_A_PAGE, CARDS_A_PAGE, 4]
    assert "Xã &lt;0&gt;" in page
    assert "Xã <0>" not in page
