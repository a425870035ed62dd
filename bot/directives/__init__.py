"""Spreadsheets of units and tasks become drafts."""
