"""When the bot speaks first: the timetable, its rules, and the clock that ticks."""
