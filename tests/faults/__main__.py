"""The long forms one after the other, each in a process of its own; ends with 1 where one of them failed.

`python -m tests.faults [FORM ...]`: all of them, or those that are named.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

#: In the order of the rows they stand for; PostgreSQL where several processes really meet.
FORMS = (
    "year",
    "kill",
    "failover",
    "upgrade",
    "backlog",
    "dropped",
    "two_replicas",
    "two_replicas --postgresql",
    "told_to_wait",
    "platform_dead",
    "disk_full",
    "clocks",
    "delivered_again",
    "dead_contacts",
    "replies_at_once",
    "replies_at_once --rounds 40 --postgresql",
    "ten_years",
    "canaries",
    "taps_lost",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument(
        "forms", nargs="*", metavar="FORM", help="one of: " + ", ".join(dict.fromkeys(map(_name, FORMS)))
    )
    told = parser.parse_args()
    if unknown := set(told.forms) - set(map(_name, FORMS)):
        parser.error(f"no such form: {', '.join(sorted(unknown))}")
    forms = [form for form in FORMS if not told.forms or _name(form) in told.forms]
    failed = []
    for form in forms:
        name, *more = form.split()
        print(f"== {form}", flush=True)  # noqa: T201
        if subprocess.run([sys.executable, "-m", f"tests.faults.{name}", *more], check=False).returncode:
            failed.append(form)
    print(f"{len(forms) - len(failed)} of {len(forms)} held" + "".join(f"; FAILED: {form}" for form in failed))  # noqa: T201
    sys.exit(1 if failed else 0)


def _name(form: str) -> str:
    return form.split(maxsplit=1)[0]


if __name__ == "__main__":
    main()
