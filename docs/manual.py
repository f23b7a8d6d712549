"""Writes docs/practiq.1, the manual page, from the commands themselves: `python -m docs.manual`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from service.cli import main

PAGE = Path(__file__).parent / "practiq.1"

_END = r"""
.SH EXIT STATUS
.TP
.B 0
It is done; for
.B status
and
.BR check :
all is well.
.TP
.B 1
It could not be done, or something is wrong; one sentence on standard error says what.
.TP
.B 2
The configuration or the call is wrong.
.SH ENVIRONMENT
.TP
.B PRACTIQ_CONFIG
The configuration, where
.B \-\-config
names none.
.TP
.B PRACTIQ_SECTION__KEY
Takes the place of a key of the configuration: PRACTIQ_SMTP__HOST is
.I host
in
.IR [smtp] .
.SH FILES
.TP
.I config.toml
The configuration; config.example.toml explains each key.
.TP
.I practiq.db
The database, unless
.I [database] url
names another.
"""


def page() -> str:
    """The manual page, in troff's man macros."""
    context = click.Context(main, info_name="practiq")
    about = inspect.cleandoc(main.help or "")
    lines = [
        r".\" Made by docs/manual.py from the commands themselves: change those.",
        f'.TH PRACTIQ 1 "" "practiq {version("practiq")}" "User Commands"',
        ".SH NAME",
        r"practiq \- reads the mail that an agency CCs to it, and says every morning what needs doing",
        ".SH SYNOPSIS",
        ".B practiq",
        r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]",
        ".SH DESCRIPTION",
        *_paragraphs(about),
        ".SH OPTIONS",
        *_options(main, context),
        ".SH COMMANDS",
    ]
    for name in main.list_commands(context):
        lines += _command(main.commands[name], context, f"practiq {name}")
    return "\n".join(lines) + _END


def _command(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    words = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_plain(f'{name} {words}')}"
    yield from _paragraphs(inspect.cleandoc(command.help or ""))
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for one in command.list_commands(context):
            yield from _command(command.commands[one], context, f"{name} {one}")


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for one in command.params:
        record = one.get_help_record(context) if isinstance(one, click.Option) else None
        if record:
            yield from (".TP", f".B {_plain(record[0])}", _plain(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _plain(" ".join(paragraph.split()))


def _plain(words: str) -> str:
    """Words as troff shows them: no escape, no request at the beginning of a line."""
    safe = words.replace("\\", r"\e").replace("-", r"\-").replace("…", "...").replace("`", "")
    return rf"\&{safe}" if safe.startswith((".", "'")) else safe


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
