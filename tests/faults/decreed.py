"""Ten years of Viet Nam's days off as they were decreed, typed off year by year, and the moon's feasts worked out.

Nothing here comes from the library that the product asks.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import floor, pi, sin

#: Weekdays off, and weekend days worked for them ("w"), from 2017 to 2026.
_DECREED = {
    2017: "2/1 26/1 27/1 30/1 31/1 1/2 6/4 1/5 2/5 4/9",
    2018: "1/1 14/2 15/2 16/2 19/2 20/2 25/4 30/4 1/5 3/9 31/12",
    2019: "1/1 w5/1 4/2 5/2 6/2 7/2 8/2 15/4 29/4 30/4 1/5 w4/5 2/9",
    2020: "1/1 23/1 24/1 27/1 28/1 29/1 2/4 30/4 1/5 2/9",
    2021: "1/1 10/2 11/2 12/2 15/2 16/2 21/4 30/4 3/5 2/9 3/9",
    2022: "3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9",
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 w4/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 w26/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 w10/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 w22/8 31/8 1/9 2/9 24/11",
}


def _days(*, worked: bool) -> frozenset[date]:
    found = set()
    for year, days in _DECREED.items():
        for one in days.split():
            if one.startswith("w") is worked:
                day, _, month = one.removeprefix("w").partition("/")
                found.add(date(year, int(month), int(day)))
    return frozenset(found)


OFF, WORKED = _days(worked=False), _days(worked=True)
YEARS = tuple(_DECREED)


def feasts(year: int) -> dict[date, str]:
    """The days off that law names, wherever a decree moves the others: fixed dates, and those of the moon."""
    found = {date(year, 1, 1): "New Year", date(year, 4, 30): "30/4", date(year, 5, 1): "1/5", date(year, 9, 2): "2/9"}
    new_year = _lunar(1, year)
    found |= {new_year + timedelta(days=number): f"Tết {number + 1}" for number in (-1, 0, 1, 2)}
    return found | {_lunar(3, year) + timedelta(days=9): "Hùng kings"}


# The moon's calendar after Hồ Ngọc Đức, for the meridian of 105° east.

_MONTH = 29.530588853
_EPOCH = 2415021.076998695
_JULIAN = 1721425


def _new_moon(number: int) -> int:
    """The local day of the new moon of that number since 1900."""
    t = number / 1236.85
    deg = pi / 180
    julian = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    julian += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * deg)
    sun = (359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3) * deg
    moon = (306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3) * deg
    node = (21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3) * deg
    more = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    more += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    more += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    more += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    delay = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(julian + more - delay + 0.5 + 7 / 24)


def _sign(day: int) -> int:
    """In which twelfth of its way the sun stands at that day's midnight."""
    t = (day - 2451545.5 - 7 / 24) / 36525
    deg = pi / 180
    mean = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * deg
    length = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    length += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(mean)
    length += (0.019993 - 0.000101 * t) * sin(2 * mean) + 0.000290 * sin(3 * mean)
    return floor((length * deg % (2 * pi)) / pi * 6)


def _eleventh(year: int) -> int:
    """The first day of the month of the winter solstice."""
    number = floor((date(year, 12, 31).toordinal() + _JULIAN - 2415021) / _MONTH)
    day = _new_moon(number)
    return day if _sign(day) < 9 else _new_moon(number - 1)


def _lunar(month: int, year: int) -> date:
    """The first day of an early month of the moon's year."""
    before, after = _eleventh(year - 1), _eleventh(year)
    number = floor((before - _EPOCH) / _MONTH + 0.5)
    place = month + 1
    if after - before > 365:
        signs = [_sign(_new_moon(number + step)) for step in range(1, 15)]
        leap = next(step for step in range(1, 14) if signs[step] == signs[step - 1])
        place += place >= leap
    return date.fromordinal(_new_moon(number + place) - _JULIAN)
