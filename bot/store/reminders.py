"""The book's part on reminders: planned by set-based statements, one row a milestone and person, never twice."""

from __future__ import annotations

from bot.store.part import Part


class Reminders(Part):
    """What is due to be said without being asked."""
