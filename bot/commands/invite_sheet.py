"""The printable sheet of joining codes: one card a unit, with a QR code; nothing is loaded from outside."""

from __future__ import annotations

import html
from collections.abc import Sequence

import segno

from bot.contacts import Invite
from bot.messages import text
from bot.wording import Wording

_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 12pt/1.4 "Noto Sans", "DejaVu Sans", sans-serif; margin: 0; }}
main {{ display: grid; grid-template-columns: 1fr 1fr; gap: 6mm; padding: 8mm; }}
article {{ border: 1px dashed #888; padding: 5mm; break-inside: avoid; }}
h2 {{ font-size: 13pt; margin: 0 0 2mm; }}
svg {{ display: block; width: 34mm; height: 34mm; }}
b {{ font: bold 14pt monospace; letter-spacing: .5px; }}
p {{ margin: 1mm 0; font-size: 10pt; }}
</style>
<main>
{cards}
</main></html>
"""


def sheet(invites: Sequence[Invite], wording: Wording, bot_name: str = "") -> str:
    """The HTML page. With the name of a Telegram bot the QR opens the chat with the code; else it holds the code."""
    cards = "\n".join(_card(one, wording, bot_name) for one in invites)
    title = html.escape(wording.say(text("cli.sheet.title")))
    return _PAGE.format(language=wording.language, title=title, cards=cards)


def _card(one: Invite, wording: Wording, bot_name: str) -> str:
    plain = "".join(one.code.split())
    holds = f"https://t.me/{bot_name}?start={plain}" if bot_name else one.code
    picture = segno.make(holds, error="m").svg_inline(omitsize=True)
    how = html.escape(wording.say(text("cli.sheet.how", until=one.expires_at)))
    role = html.escape(wording.say(text(f"role.{one.role}", unit=one.unit.name)))
    name = html.escape(one.unit.name)
    return f"<article><h2>{name}</h2><p>{role}</p>{picture}<p><b>{html.escape(one.code)}</b></p><p>{how}</p></article>"
