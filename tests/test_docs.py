"""The README and the help say what there is, and only that."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from parsers.commands import NotUnderstood, commands_of
from service.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "training" / "README.md"]
SENT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
COMMANDS = sorted(main.commands)


def test_readme_names_each_command_and_no_other() -> None:
    """Each command stands in the README, and each that stands in any document exists."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    table = README[README.index("## What else there is") :]

    assert [name for name in COMMANDS if not re.search(rf"`(practiq )?{name}\b", table)] == []
    assert set(re.findall(r"(?:`|bin/)practiq ([a-z]+)\b", said)) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_is_for(name: str) -> None:
    """Its help begins with a sentence that fits on its line of the overview, and each option says what it does."""
    command = main.commands[name]
    shown = CliRunner().invoke(main, [name, "--help"])
    overview = CliRunner().invoke(main, ["--help"]).output

    assert shown.exit_code == 0
    assert re.search(rf"^  {name} +[A-Z].*(?<!\.\.)\.$", overview, re.M)
    assert all(one.hidden or one.help for one in command.params if isinstance(one, click.Option))


def test_links_lead_somewhere() -> None:
    """Each file that a document links to is there."""
    links = [
        (path, target)
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    ]

    assert links
    assert [target for path, target in links if not (path.parent / target).exists()] == []


def test_replies_of_the_readme_are_understood() -> None:
    """Each order that the README shows is obeyed as it stands there."""
    table = README[README.index("## What account managers can reply") : README.index("One command a line")]
    orders = [one for row in re.findall(r"^\| (`.*?) \|", table, re.M) for one in re.findall(r"`(.+?)`", row)]
    read = [commands_of(one, SENT, digest_at=time(8)) for one in orders]

    assert len(orders) >= 7
    assert all(len(one) == 1 and not isinstance(one[0], NotUnderstood) for one in read)


def test_help_and_guide_show_what_is_understood() -> None:
    """Each form of the help and of the account managers' page is obeyed as it stands there."""
    help_ = (ROOT / "templates" / "commands.j2").read_text(encoding="utf-8")
    forms = [
        words
        for form, also in re.findall(r'^    \("(.+?)", ".+?", \[(.*?)\]\)', help_, re.M)
        for words in (form, *re.findall(r'"(.+?)"', also))
    ]
    guide = (ROOT / "docs" / "mornings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", guide, re.M)
    orders = [one for row in rows for one in re.findall(r"`(.+?)`", row)]
    read = {one: commands_of(one, SENT, digest_at=time(8)) for one in (*forms, *orders)}

    assert len(forms) >= 17
    assert len(orders) >= 17
    assert {
        one: found for one, found in read.items() if len(found) != 1 or isinstance(found[0], NotUnderstood)
    } == {}
