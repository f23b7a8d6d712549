"""What the documents say of commands, options, keys, variables and files is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from parsers.commands import NotUnderstood, commands_of
from service.calls import Call
from service.cli import main
from service.config import ELSEWHERE, PREFIX, Config, load
from tests.browser import Browser
from tests.sheet import SHEET, SOURCE, edition, sheet_html
from tests.test_docs import DOCUMENTS, ROOT, SENT

PAGES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in DOCUMENTS}
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_CALL = re.compile(r"(?:\S*/|\b)practiq(?= )(.*)")
_OF_OTHERS = re.compile(r"create(?:user|db) |chown ")  # commands that name the user or the database practiq
_IN_A_CONTAINER = re.compile(r"docker compose (?:exec practiq practiq|run --rm practiq) ")
_VALUES = {"ID": "1", "TIME": "2026-11-12T08:00:00-05:00", "N": "1", "DATE": "2026-11-12"}


def fenced(page: str, *kinds: str) -> list[str]:
    """The blocks of a page that are of one of these kinds."""
    return [block for kind, block in _FENCE.findall(page) if kind in kinds]


def spans(page: str) -> list[str]:
    """What stands in single backticks, outside blocks."""
    return [
        " ".join(one.split()).replace("\\|", "|") for one in re.findall(r"`([^`]+)`", _FENCE.sub("", page))
    ]


def calls(page: str) -> list[tuple[str, bool]]:
    """Each call of practiq that a page shows, and whether it is whole, which in a sentence it need not be."""
    blocks = [
        line.rstrip()
        for block in fenced(page, "sh", "bash", "console", "ini", "yaml", "dockerfile", "")
        for line in block.splitlines()
    ]
    lines = [(one, True) for one in blocks if not re.search(r"[┬├└│]|^#", one)]
    lines += [(one, False) for one in spans(page) if re.match(r"(?:\S*/)?practiq ", one)]
    return [
        (part[1].strip(), whole)
        for line, whole in lines
        for piece in re.split(r" && | \|\|? |; | # | > | 2> ", line)
        if not _OF_OTHERS.match(piece) and (part := _CALL.search(_IN_A_CONTAINER.sub("practiq ", piece)))
    ]


def parse(command: click.Command, name: str, words: list[str], parent: click.Context | None = None) -> None:
    """Have click read words as it would on the command line, without doing anything; raises as it does."""
    context = command.make_context(name, words, parent=parent, obj=Call(config=Path(), log_level="info"))
    if isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
        found, inner, more = command.resolve_command(context, rest)
        assert found
        assert inner
        parse(inner, found, more, context)


def fault_of(call: str, whole: bool) -> str | None:
    """What is wrong with a call; None where nothing is."""
    said, dots, _ = call.strip(".").partition(" …")
    words = [_VALUES.get(one.rstrip("…"), one.split("|")[0]) for one in shlex.split(said)]
    whole = whole and not dots
    try:
        parse(main, "practiq", words)
    except click.exceptions.Exit:  # --version, --help
        return None
    except (click.exceptions.NoArgsIsHelpError, click.MissingParameter) as fault:
        return fault.format_message() if whole else None
    except click.BadParameter as fault:
        return None if "does not exist" in fault.message else fault.format_message()
    except click.UsageError as fault:
        return fault.format_message()
    return None


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The table that a key of the configuration holds; None where it holds a value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((one for inner in get_args(annotation) if (one := section_of(inner))), None)


def keys(model: type[BaseModel] = Config, above: str = "") -> Iterator[tuple[str, str]]:
    """Each table of the configuration (a dot between it and the one that it is in), and each key of it."""
    for name, field in model.model_fields.items():
        inner = section_of(field.annotation)
        if inner:
            yield from keys(inner, f"{above}.{name}".lstrip("."))
        else:
            yield above, name


KEYS = set(keys())
TABLES = {table for table, _ in KEYS}


def named_keys(table: str, tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each table and key that a TOML document names."""
    for name, value in tree.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from named_keys(f"{table}.{name}".lstrip("."), one)
            else:
                yield table, name


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_a_page_are_understood(page: str) -> None:
    """Each call that it shows is one: the command is there, its options are, and in a block nothing is missing."""
    found = {call: fault_of(call, whole) for call, whole in calls(PAGES[page])}

    assert {call: fault for call, fault in found.items() if fault} == {}


def test_pages_show_calls() -> None:
    """So that the test above has something to look at."""
    assert sum(len(calls(page)) for page in PAGES.values()) >= 60
    assert fault_of("ingest --quickly archive.mbox", whole=False)
    assert fault_of("assign", whole=True)
    assert fault_of("digest tomorrow", whole=False)
    assert fault_of("quarantine shew 1", whole=False)
    assert fault_of("digest --at yesterday", whole=False)
    assert not fault_of("quarantine show ID", whole=True)


@pytest.mark.parametrize("page", PAGES)
def test_configuration_of_a_page_is_one(page: str, tmp_path: Path) -> None:
    """Each block of TOML names keys that there are, and a whole one loads; so does each key named in a sentence."""
    for block in fenced(PAGES[page], "toml"):
        tree = tomllib.loads(block)
        assert set(named_keys("", tree)) <= KEYS
        if {"agency", "inbox", "account_managers", "workspaces"} <= set(tree):
            path = tmp_path / "config.toml"
            path.write_text(block, encoding="utf-8")
            load(path, {})
    text = "\n".join(spans(PAGES[page]))
    tables = re.findall(r"(?<![\w.\]])\[+([a-z_0-9.]+)\]+(?!\()", text)
    named = re.findall(r"(?<![\w.])\[+([a-z_0-9.]+)\]+ ([a-z_0-9]+)\b", text)

    assert set(tables) <= TABLES
    assert set(named) <= KEYS
    assert set(re.findall(r"^([a-z_]+) = ", text, re.M)) <= {key for _, key in KEYS}


@pytest.mark.parametrize(("table", "key"), sorted(KEYS))
def test_example_explains_each_key(table: str, key: str) -> None:
    """Each key of the configuration stands in config.example.toml, in its table; how to log in, once for both servers."""
    if table.endswith(".oauth2") or (table, key) in {("smtp", "password"), ("smtp", "token_command")}:
        table = "imap"
    head = rf"^(?:# )?\[+{re.escape(table)}\]+"
    (found,) = re.findall(rf"{head}.*?(?=^(?:# )?\[|\Z)", EXAMPLE, re.M | re.S)

    assert re.search(rf"\b{key} = ", found)


@pytest.mark.parametrize("page", PAGES)
def test_variables_of_a_page_exist(page: str) -> None:
    """Each variable of the environment that it names is one of ours, or overrides a key."""
    ours = ELSEWHERE | {f"{PREFIX}{table.replace('.', '__')}__{key}".upper() for table, key in KEYS}

    assert set(re.findall(r"\bPRACTIQ_[A-Z0-9_]+", PAGES[page])) <= ours


@pytest.mark.parametrize("page", PAGES)
def test_files_of_a_page_exist(page: str) -> None:
    """Each file of ours that it names is there; so is each that a drawing names without its folder."""
    paths = re.findall(
        r"(?<![\w/.-])(?:service|parsers|tests|templates|training|docs)/[\w./-]*\w", PAGES[page]
    )
    bare = re.findall(r"(?<![\w/.*-])[a-z]\w*\.py\b", PAGES[page])
    known = {
        one.name
        for folder in (".ci", "service", "parsers", "training", "bench")
        for one in (ROOT / folder).rglob("*.py")
    }

    assert [one for one in paths if not (ROOT / one).exists()] == []
    assert set(bare) <= known


def test_index_leads_to_each_page() -> None:
    """docs/README.md has a line for every page beside it."""
    pages = {one.name for one in (ROOT / "docs").glob("*.md")} - {"README.md"}

    assert pages <= set(re.findall(r"\]\(([\w-]+\.md)\)", PAGES["docs/README.md"]))


def test_installing_is_followed_line_by_line(tmp_path: Path) -> None:
    """From the example's configuration to a first digest, as the page says; what installs, and what never ends, left out."""
    (tmp_path / "config.example.toml").write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    command = tmp_path / ".venv" / "bin" / "practiq"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m service "$@"\n', encoding="utf-8"
    )
    command.chmod(0o700)
    skipped = (
        r"^(?:python3 -m venv|\.venv/bin/pip|\.venv/bin/practiq (?:demo|run|init|ingest archive\.mbox)\b).*\n"
    )
    steps = re.sub(skipped, "", "".join(fenced(PAGES["docs/installing.md"], "sh")), flags=re.M)

    done = subprocess.run(
        ["sh", "-e", "-c", steps], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "FAIL" not in done.stdout
    assert steps.count("practiq ") == 5
    assert "1 mails seen, 1 of them new." in done.stderr
    assert "Subject: Thu 12 Nov: 1 thread needs you" in done.stdout
    assert 'Dana Ruiz: "Hi Maya, could you send us the banners by Friday?"' in done.stdout


def test_sheet_fits_one_page(browser: Browser) -> None:
    """The account managers' page is one sheet, on A4 and on US Letter, and the one to print is of these very words."""
    words = SOURCE.read_text(encoding="utf-8")

    def sheets(printed: bytes) -> int:
        return len(re.findall(rb"/Type\s*/Page\b", printed))

    assert sheets(browser.printed(sheet_html(words))) == 1
    assert sheets(browser.printed(sheet_html(words).replace("size: A4", "size: letter"))) == 1
    assert sheets(browser.printed(sheet_html(words * 2))) == 2
    assert sheets(SHEET.read_bytes()) == 1, "python -m tests.pictures makes it anew"
    assert edition().encode() in SHEET.read_bytes(), "python -m tests.pictures makes it anew"


def test_commands_of_the_sheet_are_understood() -> None:
    """Each order on it is obeyed as it stands there, and none that the help knows is missing."""
    rows = re.findall(r"^\| (`.*?) \|", PAGES["docs/account-managers.md"], re.M)
    orders = [one for row in rows for one in re.findall(r"`(.+?)`", row)]
    help_ = (ROOT / "templates" / "commands.j2").read_text(encoding="utf-8")
    verbs = set(re.findall(r'^    \("([a-z]+)', help_, re.M))

    assert len(orders) >= 17
    assert not any(
        isinstance(one, NotUnderstood)
        for order in orders
        for one in commands_of(order, SENT, digest_at=time(8))
    )
    assert verbs <= {word for order in orders for word in order.split()}
