"""Two database machines on loopback addresses of one host: PostgreSQL as deploy/postgresql sets it up and moves it."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import postgres

DEPLOYED = Path(__file__).resolve().parents[2] / "deploy"
DATABASE = "nhacviec"
#: prctl's number for: whose parent ends becomes our child, as pg_ctl's server does.
_SUBREAPER = 36
#: Standard input is our end of a pipe: it closes when we do, however we end, and the servers go with it.
_GUARD = """
read -r _
for data in "$1"/*/data; do sh "$1/fence" "$data"; done
rm -rf "$1"
"""
#: What a power switch does: whatever runs there ends at once, whether it still listens or not.
_FENCE = """#!/bin/sh
pid=$(head -1 "$1/postmaster.pid" 2>/dev/null) || exit 0
kill -9 "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null) 2>/dev/null
while kill -0 "$pid" 2>/dev/null; do [ "$(cut -d' ' -f3 "/proc/$pid/stat")" = Z ] && break; sleep 0.1; done
exit 0
"""
#: Two of them fit on any machine.
_SMALL = "shared_buffers = '32MB'"


@dataclass(frozen=True)
class Machine:
    """One of the two; `home` is its disk."""

    name: str
    host: str
    port: int
    home: Path
    binaries: Path
    whose: dict[str, Any]

    @property
    def data(self) -> Path:
        """Where PostgreSQL's data lie."""
        return self.home / "data"

    def run(self, name: str, *words: str) -> str:
        """One of deploy's commands as the operator types it, to its end; what it told. Raises RuntimeError."""
        self._bury()
        command = [str(self.home.parent / "deploy" / name), *words]
        environ = {"PATH": os.environ["PATH"], "NHACVIEC_POSTGRESQL_ENV": str(self.home / "postgresql.env")}
        environ |= {"HOME": str(self.home), "PGUSER": "postgres"}
        done = subprocess.run(
            command, env=environ, cwd=self.home, check=False, capture_output=True, text=True, **self.whose
        )
        if done.returncode:
            raise RuntimeError(f"{name} on {self.name} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stderr

    def sql(self, statement: str) -> str:
        """What its server answers."""
        command = [f"{self.binaries}/psql", "-XqAt", "-h", str(self.home), "-p", str(self.port), "-U", "postgres"]
        asked = subprocess.run(
            [*command, "-d", "postgres", "-c", statement], check=True, capture_output=True, text=True
        )
        return asked.stdout.strip()

    def start(self) -> None:
        """Switch PostgreSQL on."""
        self._binary("pg_ctl", "-D", f"{self.data}", "-l", f"{self.home}/log", "-w", "start")

    def processes(self) -> list[int]:
        """The server's main process and those that it started."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def _bury(self) -> None:
        """A server that was killed stays a process until its parent, which we became, has looked."""
        with suppress(OSError, ChildProcessError):
            os.waitpid(int((self.data / "postmaster.pid").read_text().split()[0]), os.WNOHANG)

    def killed(self) -> None:
        """Kill -9 of the main process; the others see it and end."""
        os.kill(self.processes()[0], signal.SIGKILL)

    def frozen(self) -> None:
        """Everything stands still, and its connections stay open."""
        for process in self.processes():
            os.kill(process, signal.SIGSTOP)

    def _binary(self, name: str, *words: str) -> None:
        done = subprocess.run(
            [f"{self.binaries}/{name}", *words], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, cwd=self.home, **self.whose,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout}")

    def make(self) -> None:
        """A new server, as deploy's file sets it."""
        self._binary("initdb", "-D", f"{self.data}", "-U", "postgres", "--auth=trust", "--locale=C", "--encoding=UTF8")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"include = '{self.home.parent}/deploy/nhacviec.conf'\ninclude = '../machine.conf'\n")
        with (self.data / "pg_hba.conf").open("a") as doors:
            doors.write("host replication replicator 127.0.0.0/8 trust\n")
        self.start()
        # Nobody follows yet: with the setting on, whatever is written would wait.
        self.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.sql("SELECT pg_reload_conf()")
        self.sql("CREATE ROLE replicator REPLICATION LOGIN")
        self.sql("CREATE ROLE nhacviec LOGIN")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER nhacviec TEMPLATE template0 ENCODING 'UTF8'")


@dataclass(frozen=True)
class Pair:
    """Both machines."""

    machines: tuple[Machine, Machine]

    @property
    def hosts(self) -> list[str]:
        """host:port of each."""
        return [f"{one.host}:{one.port}" for one in self.machines]

    @property
    def setting(self) -> str:
        """The address as the operator writes it."""
        return f"postgresql://nhacviec@{','.join(self.hosts)}/{DATABASE}?target_session_attrs=read-write"

    @property
    def url(self) -> str:
        """The same for a store that is opened here."""
        hosts = "&".join(f"host={one}" for one in self.hosts)
        return f"postgresql+psycopg://nhacviec@/{DATABASE}?{hosts}&target_session_attrs=read-write"


@contextmanager
def pair() -> Iterator[Pair]:
    """A primary (the first) with a synchronous standby. Raises postgres.NoServer where there are no binaries."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    binaries, user = postgres.binaries(), postgres.unprivileged()
    if binaries is None:
        raise postgres.NoServer("no server binaries on PATH or under /usr/lib/postgresql")
    home = Path(tempfile.mkdtemp(prefix="nhacviec-pair-", dir="/tmp" if user else None))
    whose: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    guard = None
    try:
        made = _made(home, binaries, whose)
        if user:
            for path in (home, *home.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        guard = subprocess.Popen(
            ["sh", "-c", _GUARD, "sh", str(home)], stdin=subprocess.PIPE, cwd="/", start_new_session=True, **whose
        )
        first, second = made.machines
        first.make()
        second.run("follow-peer", "--yes")
        first.run("pair")
        yield made
    finally:
        if guard:
            guard.communicate(timeout=60)
        shutil.rmtree(home, ignore_errors=True)


def _made(home: Path, binaries: Path, whose: dict[str, Any]) -> Pair:
    """The folders of both machines, with what deploy's commands have to know."""
    shutil.copytree(DEPLOYED / "postgresql", home / "deploy")
    (home / "fence").write_text(_FENCE)
    (home / "fence").chmod(0o755)
    port = free_port("127.0.0.11", "127.0.0.12")
    names = {"nhacviec_a": "127.0.0.11", "nhacviec_b": "127.0.0.12"}
    machines = tuple(Machine(name, host, port, home / name, binaries, whose) for name, host in names.items())
    for own, peer in zip(machines, machines[::-1], strict=True):
        own.home.mkdir()
        here = f"listen_addresses = '{own.host}'\nport = {port}\nunix_socket_directories = '{own.home}'\n{_SMALL}\n"
        (own.home / "machine.conf").write_text(here)
        known = {
            "OWN_NAME": own.name,
            "PGHOST": own.home,
            "PGPORT": port,
            "DATA": own.data,
            "BIN": binaries,
            "START": f"{binaries}/pg_ctl -D {own.data} -l {own.home}/log -w start",
            "PEER_NAME": peer.name,
            "PEER_HOST": peer.host,
            "PEER_PORT": port,
            "FENCE": f"{home}/fence {peer.data}",
        }
        (own.home / "postgresql.env").write_text("".join(f'{name}="{value}"\n' for name, value in known.items()))
    return Pair((machines[0], machines[1]))


def free_port(*hosts: str) -> int:
    """A port that is free at each of these addresses."""
    while True:
        with socket.create_server((hosts[0], 0)) as first:
            port: int = first.getsockname()[1]
            try:
                for host in hosts[1:]:
                    socket.create_server((host, port)).close()
            except OSError:
                continue
            return port
