"""Where the tests' gradebooks are: in the course's folder, or on a PostgreSQL server of the tests' own."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from grader.course import SETTINGS, Course
from grader.sandbox.system import die_with_parent
from grader.temporary import TemporaryFolder

BOTH = pytest.mark.gradebooks("sqlite", "postgres")
PASSWORD = "open-sesame"
SETTING = re.compile(r'^c\.CourseDirectory\.db_url = "(.*)"\n', re.MULTILINE)


class InFolder:
    """SQLite, in the file where nbgrader has it by itself."""

    def settle(self, root: Path) -> None:
        """Let the course in ``root`` have an empty gradebook."""

    def copied(self, root: Path, target: Path) -> Course:
        """Copy a course and its gradebook."""
        return Course(shutil.copytree(root, target, symlinks=True))


class PostgresServer:
    """A PostgreSQL server on the loopback address, with one ordinary user who owns every database."""

    def __init__(self) -> None:
        programs = find_programs()
        if programs is None:
            pytest.skip("no PostgreSQL here: Debian's package postgresql is one")
        if find_spec("psycopg") is None:
            pytest.skip("psycopg is not installed: pip install 'nnlib[postgres]'")
        self._programs = programs
        self._folder = TemporaryFolder("postgres-")
        self._user = ordinary_user()
        password = self._folder.path / "password"
        password.write_text(PASSWORD)
        for path in (self._folder.path, password):
            os.chown(path, pwd.getpwnam(self._user).pw_uid, -1)
        self._run("initdb", "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", f"--pwfile={password}")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._names = map("course{}".format, count())
        self.start()
        self.sql(f"CREATE ROLE grader LOGIN PASSWORD '{PASSWORD}'")

    @property
    def _data(self) -> Path:
        return self._folder.path / "data"

    def _run(self, program: str, *args: str) -> None:
        command = [self._programs / program, "-D", self._data, "--no-sync", *args]
        subprocess.run(command, user=self._user, cwd="/", capture_output=True, check=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "timezone": "Asia/Tokyo",  # which is not nbgrader's: its times have no zone
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._data, *options]
        with (self._folder.path / "log").open("a") as log:
            self._process = subprocess.Popen(command, user=self._user, cwd="/", stderr=log, preexec_fn=die_with_parent)
        until = time.monotonic() + 60
        while True:
            try:
                self.sql("SELECT 1")
                return
            except OSError:
                assert self._process.poll() is None, (self._folder.path / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts every connection and closes, SIGQUIT leaves at once, as a crash does."""
        self._process.send_signal(how)
        self._process.wait(60)

    def close(self) -> None:
        """Stop it and remove all that it held."""
        self.stop(signal.SIGQUIT)
        self._folder.cleanup()

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the server's owner; ``OSError`` where the server does not answer."""
        import psycopg

        told = {"host": "127.0.0.1", "port": self.port, "user": "postgres", "password": PASSWORD, "dbname": database}
        try:
            connection = psycopg.connect(**told, autocommit=True)
        except psycopg.OperationalError as error:
            raise OSError(str(error)) from None
        with connection, connection.execute(statement) as answer:
            return answer.fetchall() if answer.description else []

    def url(self, database: str, password: str = PASSWORD) -> str:
        """The address of a database, as a course's settings name it."""
        return f"postgresql+psycopg://grader:{password}@127.0.0.1:{self.port}/{database}"

    def settle(self, root: Path, template: str = "template0") -> None:
        """Let the course in ``root`` have a database of its own: an empty one, or a copy of the ``template``."""
        name = next(self._names)
        self.sql(f"CREATE DATABASE {name} OWNER grader TEMPLATE {template}")
        set_url(root, self.url(name))

    def copied(self, root: Path, target: Path) -> Course:
        """Copy a course and its gradebook, which nobody may have open."""
        shutil.copytree(root, target, symlinks=True)
        self.settle(target, database_of(root))
        return Course(target)


def set_url(root: Path, url: str) -> None:
    """Let the settings of the course in ``root`` name a database."""
    settings = root / SETTINGS
    text = SETTING.sub("", settings.read_text(encoding="utf-8"))
    settings.write_text(f'{text}c.CourseDirectory.db_url = "{url}"\n', encoding="utf-8")


def database_of(root: Path) -> str:
    """The name of the database of the course in ``root``."""
    named = SETTING.search((root / SETTINGS).read_text(encoding="utf-8"))
    assert named is not None
    return named[1].rpartition("/")[2]


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs, where Debian or the path has them; None where there are none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = shutil.which("initdb") or next(reversed(debian), None)
    return Path(found).resolve().parent if found else None


def ordinary_user() -> str:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)
