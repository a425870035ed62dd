"""Who puts which letter together when the post has claimed it: a letter's recipe names its composer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from bot.messages import Outgoing
from bot.store.book import Book
from scheduler.assigned import compose_assigned
from scheduler.digests import compose_digest, compose_report, compose_report_file
from scheduler.letter_parts import LetterToCompose
from scheduler.slot_letter import compose_slot

Composer: TypeAlias = Callable[[Book, LetterToCompose, datetime], Outgoing | None]

COMPOSERS: Mapping[str, Composer] = {
    "slot": compose_slot,
    "assigned": compose_assigned,
    "digest": compose_digest,
    "report": compose_report,
    "report_file": compose_report_file,
}
