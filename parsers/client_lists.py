"""A list of clients as a spreadsheet writes it (CSV): which columns, which lines, which cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """What a column says of a client, by its key in the configuration."""

    NAME = "name"
    DOMAINS = "domains"
    CONTACTS = "contacts"
    ALIASES = "aliases"
    MANAGER = "account_manager"
    KEEP_MAIL = "keep_mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the list, as the cells say it."""

    line: int | None  # of the file, from 1, where the row begins; None where there is no file
    name: str
    lists: Mapping[Column, tuple[str, ...]]  # of the columns that are there; () where the cell is empty
    manager: str | None  # an address or a name; None without one
    keep_mail: str | None  # days; None without


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientList:
    """What a file says of clients."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]  # the headers of columns that say nothing to us


class UnreadableList(ValueError):
    """No list of clients: what is missing, and what would be right, in two sentences."""


# By header, in lower case and without what is no letter. As people, and other programs' exports, name them.
_HEADERS = {
    Column.NAME: "name client clients clientname customer customername company companyname workspace account accountname kunde firma",
    Column.DOMAINS: "domain domains emaildomain emaildomains maildomain maildomains website websites url web domäne domänen",
    Column.CONTACTS: "contact contacts email emails emailaddress emailaddresses contactemail contactemails people person address"
    " addresses kontakt kontakte",
    Column.ALIASES: "alias aliases othername othernames aka alsoknownas shortname shortnames nickname abbreviation",
    Column.MANAGER: "accountmanager am manager owner accountowner responsible lead assignedto betreuer kundenbetreuer",
    Column.KEEP_MAIL: "keepmail keepmaildays retention retentiondays days",
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers.split()}
_SEPARATORS = ",;\t"
_SAID = re.compile(r"sep=(.)\n", re.I)  # Excel's own first line
_BEFORE_DOMAIN = re.compile(r"(?:[a-z]{1,10}://)?(?:www\.)?@?", re.I)
_ENDS_OF_NAMES = r"inc|llc|l\.l\.c|ltd|limited|corp|co|gmbh|ag|plc|llp|lp|s\.?a|s\.?l|s\.?r\.?l|b\.?v|n\.?v"
_BETWEEN_NAMES = re.compile(rf"[;|\n]|,(?!\s{{0,9}}(?:{_ENDS_OF_NAMES})\b)", re.I)
_BRACKETED = re.compile(r"<([^<>]*)>")


def client_list(content: bytes) -> ClientList:
    """
    The clients that a CSV file lists, a row each; empty lines are passed over.

    Parted by commas, semicolons or tabs; in UTF-8, in UTF-16 with its mark, else in the code page that Excel
    writes (cp1252). Cells are as they stand there, but for blanks: whether they are right is another's
    question. Raises UnreadableList where no column is the clients' names.
    """
    text = _text_of(content).replace("\r\n", "\n").replace("\r", "\n")
    said = _SAID.match(text)
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    skipped = 1 if said else 0
    separator = said[1] if said else _separator_of(lines)
    try:
        (_, header), *rows = list(_rows(lines[skipped:], separator, skipped)) or [(1, [""])]
    except csv.Error as error:
        raise UnreadableList(f"This is no CSV: {error}. Save the sheet as CSV once more.") from error
    columns = [_column_of(one) for one in header]
    if Column.NAME not in columns:
        raise UnreadableList(
            "The first line names no column of clients. Have it say: Client, Domains, Contacts, Aliases,"
            " Account manager."
        )
    unknown = [one.strip() for one, column in zip(header, columns, strict=True) if column is None]
    return ClientList(
        rows=tuple(_row(line, columns, cells) for line, cells in rows),
        unknown=tuple(one for one in unknown if one),
    )


def _text_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _separator_of(lines: list[str]) -> str:
    """What parts the first line into the most columns that we know."""

    def known(separator: str) -> int:
        header = next(csv.reader(lines[:1], delimiter=separator), [])
        return len({column for one in header if (column := _column_of(one))})

    return max(_SEPARATORS, key=known)


def _rows(lines: list[str], separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with the line on which it begins."""
    reader = csv.reader(lines, delimiter=separator)
    begins = skipped + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = skipped + reader.line_num + 1


def _column_of(header: str) -> Column | None:
    return _COLUMN_OF.get("".join(filter(str.isalpha, header.lower())))


def _row(line: int, columns: list[Column | None], cells: list[str]) -> Row:
    of = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    return Row(
        line=line,
        name=" ".join(of.get(Column.NAME, "").split()),
        lists={
            column: split(of[column])
            for column, split in (
                (Column.DOMAINS, domains_in),
                (Column.CONTACTS, contacts_in),
                (Column.ALIASES, names_in),
            )
            if column in of
        },
        manager=" ".join(of.get(Column.MANAGER, "").split()) or None,
        keep_mail=of.get(Column.KEEP_MAIL, "").strip() or None,
    )


def domains_in(cell: str) -> tuple[str, ...]:
    """The domains of a cell, parted by blanks, commas or semicolons; a web address is its domain. Total."""
    found = (_BEFORE_DOMAIN.sub("", one, count=1).partition("/")[0] for one in re.split(r"[\s,;|]+", cell))
    return tuple(dict.fromkeys(one.lower() for one in found if one))


def contacts_in(cell: str) -> tuple[str, ...]:
    """The addresses of a cell, parted likewise; of "Dana Ruiz <dana@acme.example>" what is in the brackets. Total."""
    found: list[str] = []
    for piece in re.split(r"[,;|\n]+", cell):
        found += _BRACKETED.findall(piece) or piece.split()
    return tuple(dict.fromkeys(one.strip().lower() for one in found if one.strip()))


def names_in(cell: str) -> tuple[str, ...]:
    """The names of a cell, parted by commas, semicolons or lines; "Acme, Inc." is one. Total."""
    found = (" ".join(one.split()) for one in _BETWEEN_NAMES.split(cell))
    return tuple(dict.fromkeys(one for one in found if one))
