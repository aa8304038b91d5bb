"""Open a course's gradebook, SQLite's or on a PostgreSQL server; what fails is one line, without the password.

The writer, the marking pages and whoever else reads the gradebook open it here. nbgrader's own commands open it by
themselves, from the same setting.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from grader.course import CourseError

SETTING = "c.CourseDirectory.db_url in nbgrader_config.py"
_CONNECT_SECONDS = "10"  # for a server to answer; PostgreSQL's own limit is over two minutes
_MAKING = 0x6E6267726164  # names the lock under which tables are made: any number that no other program takes
_RELEASING = _MAKING + 1  # and the one under which cells are entered


def open_gradebook(db_url: str, course_id: str = "default_course") -> Gradebook:
    """Open nbgrader's gradebook, and make it where there is none; ``CourseError`` says in a line why it cannot be."""
    url = _address(db_url)
    try:
        if not is_server(url):
            return Gradebook(db_url, course_id)
        with _nobody_else_making(url):
            gradebook = Gradebook(db_url, course_id)
            add_unnamed_course(gradebook)
            return gradebook
    except ImportError as error:
        raise CourseError(
            f"The gradebook {shown(url)} needs {error.name or error}, which is not installed. For PostgreSQL: "
            "pip install 'nnlib[postgres]', and let db_url begin with postgresql+psycopg://"
        ) from error
    except (SQLAlchemyError, InvalidEntry) as error:
        how = (
            "If you may write there and it is damaged, restore a copy, or move it away: all submissions are then "
            "graded into a new one."
            if url.get_backend_name() == "sqlite"
            else f"Start the server, make the database, or mend {SETTING}."
        )
        raise CourseError(f"The gradebook {shown(url)} cannot be opened: {reason_of(error)}. {how}") from error


def add_unnamed_course(gradebook: Gradebook) -> None:
    """Make the course of assignments where course_id is not set: nbgrader does not, and only SQLite lets it be."""
    if is_server(gradebook.engine.url):
        gradebook.db.execute(text("INSERT INTO course (id) VALUES ('') ON CONFLICT DO NOTHING"))
        gradebook.db.commit()


def is_server(url: URL) -> bool:
    """Whether the gradebook is PostgreSQL's: several people write at once, and a server can go away and come back."""
    return url.get_backend_name() == "postgresql"


def reason_of(error: BaseException) -> str:
    """What a database says, in a line: without its driver's name, the statement, and the full stop."""
    said = str(getattr(error, "orig", None) or error).split("\n")[0]
    said = re.sub(r"^\([\w.]+\) ", "", said).removeprefix("connection failed: ")
    return " ".join(said.split()).rstrip(".")


def shown(url: URL) -> str:
    """The address without what may be secret in it."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}"  # a path as it is called
    public = URL.create(url.drivername, url.username, None, url.host, url.port, url.database)
    return public.render_as_string()


def _address(db_url: str) -> URL:
    try:
        url = make_url(db_url)
    except (SQLAlchemyError, ValueError):  # of a port that is no number; both may quote a part of a password
        url = None
    if url is None or "@" in (url.host or ""):
        raise CourseError(
            f"{SETTING} is no database's address, such as postgresql+psycopg://USER@HOST/NAME. In a password, "
            "@ : / ? and % are written %40 %3A %2F %3F %25."
        )
    return url


@contextmanager
def nobody_else_releasing(db_url: str) -> Iterator[None]:
    """Make others wait, on other machines too, who would enter an assignment's cells into the same gradebook.

    Folders have locks of their own; a gradebook on a server may belong to several.
    """
    url = _address(db_url)
    if not is_server(url):
        yield
        return
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RELEASING})
        yield


@contextmanager
def _nobody_else_making(url: URL) -> Iterator[None]:
    """Ask the server whether it can hold a gradebook, and make others wait, on other machines too, until we have."""
    here = url.update_query_dict({"connect_timeout": _CONNECT_SECONDS, **url.query, "client_encoding": "utf8"})
    engine = create_engine(here, poolclass=NullPool)
    with engine.begin() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise CourseError(
                f"The gradebook {shown(url)} must be a database in UTF8, for names of any alphabet, and is in "
                f"{encoding}; make one with: createdb --encoding=UTF8 --template=template0 NAME"
            )
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKING})
        yield
