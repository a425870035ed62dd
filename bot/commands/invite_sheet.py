"""The printable sheet of joining codes: one card a unit, with a QR code; nothing is loaded from outside."""

from __future__ import annotations

import html
from collections.abc import Sequence

import segno

from bot.contacts import Invite
from bot.messages import text
from bot.wording import Wording

#: Cards on a page of A4: two side by side, four below one another.
CARDS_A_PAGE = 8
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
@page {{ size: A4; margin: 0; }}
* {{ box-sizing: border-box; margin: 0; }}
body {{ font: 10pt/1.35 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #111; background: #fff; }}
main {{ width: 210mm; height: 296mm; padding: 10mm 9mm; margin: 0 auto; break-after: page;
  display: grid; grid-template: repeat(4, 1fr) / 1fr 1fr; }}
main:last-child {{ break-after: auto; }}
article {{ border: .3mm dashed #999; margin: -.15mm; padding: 5mm; overflow: hidden;
  display: grid; grid-template: auto 1fr auto / 1fr 34mm; gap: 1mm 4mm; }}
h2 {{ font-size: 13pt; line-height: 1.2; }}
h2, .role {{ grid-column: 1; }}
.role {{ color: #444; align-self: start; }}
.qr {{ grid-column: 2; grid-row: 1 / span 2; }}
svg {{ display: block; width: 34mm; height: 34mm; }}
.code {{ grid-column: 1 / -1; }}
b {{ font: bold 15pt/1.3 "DejaVu Sans Mono", "Courier New", monospace; white-space: nowrap; }}
.how {{ font-size: 9pt; }}
</style>
{pages}
</html>
"""


def sheet(invites: Sequence[Invite], wording: Wording, bot_name: str = "") -> str:
    """The HTML page. With the name of a Telegram bot the QR opens the chat with the code; else it holds the code."""
    cards = [_card(one, wording, bot_name) for one in invites]
    title = html.escape(wording.say(text("cli.sheet.title")))
    pages = (cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE))
    mains = "\n".join("<main>\n" + "\n".join(page) + "\n</main>" for page in pages)
    return _PAGE.format(language=wording.language, title=title, pages=mains)


def _card(one: Invite, wording: Wording, bot_name: str) -> str:
    holds = f"https://t.me/{bot_name}?start={''.join(one.code.split())}" if bot_name else one.code
    picture = segno.make(holds, error="m").svg_inline(omitsize=True, border=2)
    how = html.escape(wording.say(text("cli.sheet.how_link" if bot_name else "cli.sheet.how", until=one.expires_at)))
    role = html.escape(wording.say(text(f"web.role.{one.role}")))
    name, code = html.escape(one.unit.name), html.escape(one.code)
    return (
        f'<article><h2>{name}</h2><p class="role">{role}</p><div class="qr">{picture}</div>'
        f'<div class="code"><b>{code}</b><p class="how">{how}</p></div></article>'
    )
