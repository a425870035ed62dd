"""Why the bot speaks first: one reason per file; timetable.py lists them all."""
