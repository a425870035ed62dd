"""The files of deploy/ are what the programs they are for can read, and its commands refuse where they have to."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.channels import telegram_webhook
from bot.settings import load_settings, setting_names

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
COMMANDS = ("promote", "go-alone", "follow-peer", "pair", "fence-by-ssh")
#: Answers as a server that stands as `RECOVERY` says (t: a standby), and keeps what it was asked.
_PSQL = """#!/bin/sh
for word; do asked=$word; done
echo "$asked" >>"$(dirname "$0")/asked"
case $asked in *pg_is_in_recovery*) echo "$RECOVERY" ;; *pg_promote*) echo t ;; *) echo 1 ;; esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A database machine without a database: commands find their settings and programs here; the peer is gone."""
    _program(tmp_path / "psql", _PSQL)
    _program(tmp_path / "pg_isready", "#!/bin/sh\nexit 2\n")
    _program(tmp_path / "fence", "#!/bin/sh\n")
    known = {"OWN_NAME": "nhacviec_b", "PGHOST": tmp_path, "PGPORT": 1, "BIN": tmp_path, "FENCE": tmp_path / "fence"}
    known |= {"PEER_NAME": "nhacviec_a", "PEER_HOST": "127.0.0.11", "PEER_PORT": 1}
    (tmp_path / "env").write_text("".join(f"{name}={value}\n" for name, value in known.items()))
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def typed(machine: Path, *words: str, recovery: str = "t", answer: str = "") -> tuple[int, str, str]:
    """A command of deploy/postgresql: its exit status, what it told, and what the server was asked."""
    environ = {"PATH": "/usr/bin:/bin", "NHACVIEC_POSTGRESQL_ENV": str(machine / "env"), "RECOVERY": recovery}
    command = [str(DEPLOY / "postgresql" / words[0]), *words[1:]]
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True, input=answer)
    asked = machine / "asked"
    return done.returncode, done.stderr, asked.read_text() if asked.exists() else ""


def test_the_old_primary_is_fenced_then_the_standby_promoted(machine: Path) -> None:
    """One command: it looks, fences, waits for nobody any more, promotes."""
    _program(machine / "fence", f"#!/bin/sh\necho FENCED >>{machine}/asked\n")
    status, told, asked = typed(machine, "promote", "--yes")

    assert status == 0
    assert "ALONE" in told
    assert re.findall(r"in_recovery|FENCED|names = ''|pg_promote", asked) == [
        "in_recovery",
        "FENCED",
        "names = ''",
        "pg_promote",
    ]


@pytest.mark.parametrize("why", ["fence fails", "peer lives", "no standby", "not confirmed"])
def test_nothing_is_promoted_that_should_not_be(machine: Path, why: str) -> None:
    """The old primary could not be fenced, or still answers; this is no standby; the operator did not type yes."""
    if why == "fence fails":
        _program(machine / "fence", "#!/bin/sh\nexit 1\n")
    if why == "peer lives":
        _program(machine / "pg_isready", "#!/bin/sh\nexit 0\n")
    words = ("promote",) if why == "not confirmed" else ("promote", "--yes")
    status, told, asked = typed(machine, *words, recovery="f" if why == "no standby" else "t", answer="no\n")

    assert status == 1
    assert "STOPPED" in told
    assert not re.search("ALTER|pg_promote", asked)


def test_a_pulled_plug_is_the_operators_word(machine: Path) -> None:
    """With the fence out of reach, a person who pulled the old primary's plug may say so."""
    _program(machine / "fence", "#!/bin/sh\nexit 1\n")

    assert typed(machine, "promote", "--yes", "--peer-is-off")[0] == 0


def test_a_primary_goes_on_alone_once_its_standby_is_fenced(machine: Path) -> None:
    """Nobody can promote what lacks the writes to come; a standby itself has nothing to go on with."""
    assert typed(machine, "go-alone", "--yes", recovery="t")[0] == 1
    _program(machine / "fence", "#!/bin/sh\nexit 1\n")
    assert typed(machine, "go-alone", "--yes", recovery="f")[0] == 1
    assert "ALTER" not in (machine / "asked").read_text()
    _program(machine / "fence", "#!/bin/sh\n")
    status, _, asked = typed(machine, "go-alone", "--yes", recovery="f")

    assert status == 0
    assert "ALTER SYSTEM SET synchronous_standby_names = ''" in asked


#: ssh that runs what it is given here, and sudo that changes nothing.
_HERE = '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n'
#: A unit that can or can't be masked and killed; `state` holds what it then is.
_SYSTEMCTL = """#!/bin/sh
here=$(dirname "$0")
case $1 in
    mask) [ "$FAILS" != mask ] && echo masked >"$here/enabled" ;;
    is-enabled) cat "$here/enabled"; [ "$(cat "$here/enabled")" = enabled ] ;;
    kill) [ "$FAILS" != kill ] && printf 'failed 0' >"$here/state" ;;
    is-active) case $(cat "$here/state") in active*) exit 0 ;; *) exit 3 ;; esac ;;
    show) read -r state main <"$here/state" || :
          case $2 in *MainPID) echo "$main" ;; *) echo "$state" ;; esac ;;
esac
"""


@pytest.mark.parametrize(
    ("fails", "state", "enabled", "status"),
    [
        ("", "active 7", "enabled", 0),
        ("kill", "inactive 0", "enabled", 0),
        ("mask", "active 7", "enabled", 1),
        ("mask", "active 7", "masked-runtime", 1),
        ("kill", "active 7", "enabled", 1),
        ("kill", "deactivating 7", "enabled", 1),
        ("kill", "failed 7", "enabled", 1),
    ],
)
def test_a_fence_says_only_what_is_certain(tmp_path: Path, fails: str, state: str, enabled: str, status: int) -> None:
    """Fenced is who can't start again, with the machine either, and has ended; not who is ending, or lives beside."""
    _program(tmp_path / "ssh", _HERE)
    _program(tmp_path / "sudo", '#!/bin/sh\nexec "$@"\n')
    _program(tmp_path / "sleep", "#!/bin/sh\n")
    _program(tmp_path / "systemctl", _SYSTEMCTL)
    (tmp_path / "state").write_text(state)
    (tmp_path / "enabled").write_text(enabled)
    command = [str(DEPLOY / "postgresql" / "fence-by-ssh"), "old-primary"]
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "FAILS": fails}

    assert subprocess.run(command, env=environ, check=False, capture_output=True).returncode == status


@pytest.mark.parametrize("answers", [True, False], ids=["answers", "does not answer"])
def test_what_lies_here_stays_until_the_peers_copy_is_whole(machine: Path, answers: bool) -> None:
    """Whose peer does not answer keeps what it has where it was; otherwise the copy lies there, and the old beside."""
    data = machine / "data"
    data.mkdir()
    (data / "old").touch()
    with (machine / "env").open("a") as known:
        known.write(f"DATA={data}\nSTART=true\n")
    _program(machine / "pg_ctl", "#!/bin/sh\nexit 3\n")
    copies = 'mkdir "$2" && echo "synchronous_standby_names = 1" >"$2/postgresql.auto.conf"'
    _program(machine / "pg_basebackup", f"#!/bin/sh\n{copies if answers else 'exit 1'}\n")
    status, _, _ = typed(machine, "follow-peer", "--yes")

    assert (status == 0) == answers
    assert (data / "old").exists() != answers
    if answers:
        assert (data / "postgresql.auto.conf").read_text() == ""
        assert [one.name for one in machine.glob("data.*/old")] == ["old"]
    else:
        assert list(machine.glob("data.*")) == []


def test_the_commands_may_be_run() -> None:
    """Each is executable, and a shell finds nothing wrong in it."""
    for name in COMMANDS:
        assert (DEPLOY / "postgresql" / name).stat().st_mode & 0o111
        assert subprocess.run(["sh", "-n", str(DEPLOY / "postgresql" / name)], check=False).returncode == 0


def test_what_the_units_set_is_a_setting() -> None:
    """Every name in the unit and its environment is one the process knows, and the shared file is taken as it is."""
    unit, shared = (DEPLOY / "systemd" / name for name in ("nhacviec@.service", "nhacviec.env.example"))
    named = set(re.findall(r"NHACVIEC_[A-Z_]+", unit.read_text() + shared.read_text()))
    pairs = (line.split("=", 1) for line in shared.read_text().splitlines() if line[:1] not in ("", "#"))

    assert named <= set(setting_names())
    assert load_settings(dict(pairs)).public_url == "https://bot.example.vn"


def test_the_address_of_both_machines_is_one_the_process_takes() -> None:
    """As the example has it, with its password put in."""
    shared = (DEPLOY / "systemd" / "nhacviec.env.example").read_text()
    address = re.search(r"postgresql://\S+", shared)
    assert address
    url = load_settings({"NHACVIEC_DATABASE_URL": address[0]}).store_url

    assert url.endswith("?target_session_attrs=read-write&host=10.0.0.11:5432&host=10.0.0.12:5432")


def test_nginx_waits_a_little_longer_than_a_replica_works() -> None:
    """A webhook is answered before nginx gives its replica up, and no larger body passes than it takes."""
    passes = (DEPLOY / "nginx" / "webhooks.conf").read_text()
    waits = re.search(r"proxy_read_timeout (\d+)s", passes)

    assert waits
    assert telegram_webhook.PATIENCE < int(waits[1]) < telegram_webhook.PATIENCE + 5
    assert f"client_max_body_size {telegram_webhook.MOST_BYTES // 1024}k" in passes


def test_nginx_reads_its_files(tmp_path: Path) -> None:
    """nginx itself finds nothing wrong in them, with a certificate made for the moment."""
    nginx, openssl = (
        shutil.which(name, path="/usr/sbin:/usr/bin:/bin:/usr/local/bin") for name in ("nginx", "openssl")
    )
    if nginx is None or openssl is None:
        pytest.skip("no nginx, or no openssl, on this machine")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bot"]
    subprocess.run([openssl, *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (DEPLOY / "nginx" / "nhacviec.conf").read_text()
    for there, here in (
        ("webhooks.conf", DEPLOY / "nginx" / "webhooks.conf"),
        (key.name, key),
        (certificate.name, certificate),
    ):
        site = site.replace(f"/etc/nginx/nhacviec/{there}", str(here))
    site = re.sub(r"listen \[::\].*", "", site).replace("listen 443", "listen 127.0.0.1:8443")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\n{site}\n}}\n")
    looked = subprocess.run([nginx, "-t", "-p", tmp_path, "-c", whole], check=False, capture_output=True, text=True)

    assert looked.returncode == 0, looked.stderr


def test_systemd_reads_its_unit(tmp_path: Path) -> None:
    """systemd itself finds nothing wrong in the unit, but that the program is not installed here."""
    looks = shutil.which("systemd-analyze")
    if looks is None:
        pytest.skip("no systemd on this machine")
    unit = tmp_path / "nhacviec@.service"
    unit.write_text(
        (DEPLOY / "systemd" / "nhacviec@.service").read_text().replace("/opt/nhacviec/bin/nhacviec", "/bin/true")
    )
    looked = subprocess.run([looks, "verify", "--man=no", unit], check=False, capture_output=True, text=True)

    assert looked.returncode == 0, looked.stderr
    assert "nhacviec" not in looked.stderr
