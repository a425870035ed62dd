"""All long forms one after the other, each in a process of its own; ends with 1 where one of them failed."""

from __future__ import annotations

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
    failed = []
    for form in FORMS:
        name, *more = form.split()
        print(f"== {form}", flush=True)  # noqa: T201
        if subprocess.run([sys.executable, "-m", f"tests.faults.{name}", *more], check=False).returncode:
            failed.append(form)
    print(f"{len(FORMS) - len(failed)} of {len(FORMS)} held" + "".join(f"; FAILED: {form}" for form in failed))  # noqa: T201
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
