"""The mail inside a forward."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.address import Address, addresses
from parsers.header_blocks import HeaderBlock, bare, header_block
from parsers.message import Message
from parsers.quote_words import FORWARD_DIVIDER
from parsers.quotes import (
    attribution_length,
    is_divider,
    is_marked,
    is_rule,
    lines_of,
    next_filled,
)
from parsers.sent_dates import sent_at
from parsers.subject_words import COUNTED, FORWARD
from parsers.subjects import base_subject

_PASSED_ON = re.compile(rf"\s{{0,3}}(?:\[[^\[\]]{{1,40}}\]\s{{0,3}})?(?:{FORWARD}){COUNTED}", re.I)
_AUTHOR_OF = re.compile(
    r"[\"“«„]?\s?([^\"“”«»„<>,:]{0,80}?)\s?[\"”»“]?\s?[<(\[](?:mailto:)?([^\s<>()\[\]]{3,254}@[^\s<>()\[\]]+)"
)
_ON_BEHALF = re.compile(
    r"\s(?:on behalf of|im auftrag von|de la part de|en nombre de|em nome de|per conto di|namens|på vegne af|för)\s",
    re.I,
)
_TWICE = re.compile(
    r"([<\[]?)(?:mailto:)?([^\s<>\[\],;@]{1,254}@[^\s<>\[\],;@]{1,254})[<\[]mailto:[^<>\[\]]{1,254}[>\]]"
)
_LISTED = re.compile(r"\s*+([^<>;]{0,200}?)\s?<([^<>\s]{3,254})>\s*[,;]?|\s*([^<>;,]{1,254})[,;]?")


def unwrap_forward(message: Message) -> Message | None:
    """
    The mail inside a forward, as its original sender's; None where there is none.

    Author, recipients, subject, date and words are those of the mail inside; where its date has no
    zone, it is read in the forwarder's. `note` is what the forwarder wrote above. The Message-ID
    stays the forward's own, which is what answers name. A mail attached whole is one inside as well.
    A reply that quotes under a header block is no forward: its subject says so. Total.
    """
    lines = lines_of(message.text)
    found = _find_header(lines, message.subject)
    if found is not None:
        return _inline(message, lines, *found)
    attached = [one for one in message.attached if one.authors]
    if not attached:
        return None
    # A thread attached mail by mail: the newest speaks.
    inner = max(attached, key=lambda one: one.date.timestamp() if one.date else 0)
    return replace(
        inner,
        message_id=message.message_id,
        message_id_field=message.message_id_field,
        in_reply_to=(),
        references=(),
        note=message.text.strip("\n"),
    )


def _inline(message: Message, lines: list[str], at: int, starts: int, block: HeaderBlock) -> Message | None:
    author = _author(block.author)
    if author is None:
        return None
    zone = message.date.tzinfo if message.date else None
    rest = starts + block.length
    behind = next_filled(lines, rest)
    if behind is not None and is_divider(lines[behind]) and lines[behind].strip() == lines[at].strip():
        rest = behind + 1  # Zoho draws its divider twice
    marked = is_marked(lines[starts])
    return replace(
        message,
        authors=(author,),
        to=_people(block.to),
        cc=_people(block.cc),
        subject=block.subject or _PASSED_ON.sub("", message.subject, count=1).strip(),
        date=sent_at(block.sent, labels=block.labels, zone=zone) or message.date,
        text="\n".join(_unquoted(lines[rest:], marked=marked)).strip("\n"),
        note="\n".join(line.rstrip() for line in lines[:at]).strip("\n"),
        in_reply_to=(),
        references=(),
    )


def _find_header(lines: list[str], subject: str) -> tuple[int, int, HeaderBlock] | None:
    """
    Where the forwarder's words end, where the header of the mail inside begins, and what it says.

    Below a line that says "forwarded", whatever the subject; below any other, or none, where the
    subject is not a reply's.
    """
    passed_on = _PASSED_ON.match(subject) is not None
    is_reply = base_subject(subject).is_reply and not passed_on
    for at, line in enumerate(lines):
        said = bare(line)
        if not said:
            continue
        if FORWARD_DIVIDER.match(said):
            behind = next_filled(lines, at + 1)
        elif is_reply:
            continue
        elif is_divider(line) or is_rule(line):
            behind = next_filled(lines, at + 1)
        else:
            behind = at
        if behind is None:
            continue
        if block := header_block(lines, behind):
            return at, behind, block
        if passed_on and (length := attribution_length(lines, behind)):
            # Outlook for Mac of 2019 passes on a mail below an attribution.
            words = " ".join(bare(one) for one in lines[behind : behind + length])
            return at, behind, _as_block(words, length)
    return None


def _as_block(words: str, length: int) -> HeaderBlock:
    return HeaderBlock(author=words, sent=words, to="", cc="", subject="", labels=frozenset(), length=length)


def _author(field: str) -> Address | None:
    """
    Who wrote the mail inside: of "Dana <…> on behalf of Team <…>" Dana, who did.

    Outlook names a colleague without an address: then the name stands alone, and the address is empty.
    """
    plain = _plain(_ON_BEHALF.split(field)[0])
    if found := _AUTHOR_OF.search(plain):
        name = " ".join(found[1].split())
        head = plain.partition("<")[0].strip(" \"'“”")
        if "," in head and not any(c.isdigit() for c in head):
            name = head  # "Ruiz, Dana <…>"; with digits it is the date of an attribution
        return Address(name=name, spec=found[2].lower())
    found_people = addresses(plain)
    if found_people:
        return found_people[0]
    name = plain.strip(" \"'")
    return Address(name=name, spec="") if name and len(name) <= 80 else None


def _people(field: str) -> tuple[Address, ...]:
    """Addresses as mail clients write them in text: parted by semicolons, some with commas in unquoted names."""
    plain = _plain(field)
    if ">" not in plain:
        return addresses(plain.replace(";", ","))
    found: list[Address] = []
    for piece in _LISTED.finditer(plain):
        if piece[2]:
            # A bare address before a named one; a comma alone stands in a name that nobody quoted.
            *before, name = piece[1].rsplit(",", 1) if "@" in piece[1] else [piece[1]]
            found += addresses(", ".join(before))
            name = name.strip(" ,\"'")
            found += addresses(f'"{name}" <{piece[2]}>')
        else:
            found += addresses(piece[3] or "")
    return tuple(found)


def _plain(field: str) -> str:
    """A field without the links that Outlook's plain text repeats behind each address."""
    once = _TWICE.sub(r"\1\2", field)
    return once.replace("<mailto:", "<").replace("[mailto:", "<").replace("]", ">")


def _unquoted(lines: list[str], *, marked: bool) -> list[str]:
    """The words of the mail inside without the quote mark that some clients put before each line."""
    filled = [line for line in lines if line.strip()]
    if marked or (filled and all(is_marked(line) for line in filled)):
        return [line.lstrip()[1:].removeprefix(" ") if is_marked(line) else line for line in lines]
    return lines
