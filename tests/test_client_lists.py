"""A list of clients is read as spreadsheets write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.client_lists import (
    ClientList,
    Column,
    UnreadableList,
    client_list,
    contacts_in,
    domains_in,
    names_in,
)

TEXT = 'Client;Domain(s);E-Mail;AM\r\n"Müller; Söhne";a.example b.example;;Maya Chen\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_what_excel_writes_is_read(encoding: str, separator: str) -> None:
    """With its mark or without, in UTF-8, UTF-16 or cp1252, parted by semicolons, commas or tabs."""
    (row,) = client_list(TEXT.replace(";", separator).replace(f"{separator} S", "; S").encode(encoding)).rows

    assert row.name == "Müller; Söhne"
    assert row.lists == {Column.DOMAINS: ("a.example", "b.example"), Column.CONTACTS: ()}
    assert (row.manager, row.keep_mail, row.line) == ("Maya Chen", None, 2)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Client name", "name"), ("COMPANY", "name"), ("Domain(s)", "domains"), ("Web-site", "domains"),
        ("E-mail addresses", "contacts"), ("a.k.a.", "aliases"), ("Account Manager", "account_manager"),
        ("am", "account_manager"), ("Keep mail (days)", "keep_mail"),
    ],
)  # fmt: skip
def test_headers_are_taken_as_people_write_them(header: str, column: str) -> None:
    """Case, blanks, hyphens and brackets do not matter; a column that says nothing is named."""
    name = "x" if column == "name" else "Client"
    listed = client_list(f"{name},{header},Phone\nAcme,30,1\n".encode())

    assert listed.unknown == (("x", "Phone") if column == "name" else ("Phone",))
    (row,) = listed.rows
    said = {"name": row.name, "account_manager": row.manager, "keep_mail": row.keep_mail}
    assert "30" in (said[column] if column in said else row.lists[Column(column)])  # type: ignore[operator]


def test_lines_are_those_of_the_file() -> None:
    """Where a row begins, whatever lines a cell has, with empty rows and Excel's own first line counted."""
    text = 'sep=|\nClient|Domains\n\n"Acme"|"a.example\nb.example"\nGlobex|c.example\n|\n'
    rows = client_list(text.encode()).rows

    assert [(one.line, one.name, one.lists[Column.DOMAINS]) for one in rows] == [
        (4, "Acme", ("a.example", "b.example")),
        (6, "Globex", ("c.example",)),
    ]


def test_cells_are_parted_as_people_part_them() -> None:
    """A web address is its domain, an address is what stands in its brackets, and a legal form is no name."""
    assert domains_in("https://www.Acme.example/about, b.example;\n@c.example") == (
        "acme.example",
        "b.example",
        "c.example",
    )
    assert contacts_in("Dana Ruiz <Dana@gmail.com>; x@y.example z@y.example") == (
        "dana@gmail.com",
        "x@y.example",
        "z@y.example",
    )
    assert names_in("ACME, Acme, Inc.; Acme  Group\nAG 5") == ("ACME", "Acme, Inc.", "Acme Group", "AG 5")


@pytest.mark.parametrize("text", ["", "\n\n", "Acme,acme.example\n", "\x00\n"])
def test_file_without_names_is_refused(text: str) -> None:
    """It is told what the first line should say."""
    with pytest.raises(UnreadableList, match=r"names no column of clients\. Have it say: Client,"):
        client_list(text.encode())


@given(st.binary(max_size=200).map(lambda some: b"Client,Domains\n" + some))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    """Nothing else comes of them, and no cell has blanks at its ends."""
    try:
        listed = client_list(content)
    except UnreadableList:
        return
    assert isinstance(listed, ClientList)
    assert all(one.name == one.name.strip() for one in listed.rows)
