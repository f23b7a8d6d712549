"""Plain text as people read it: unflowed, out of its armor, without what rich text is marked by."""

from __future__ import annotations

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_ENCRYPTED_END = "-----END PGP MESSAGE-----"
_ARMOR_FIELD = re.compile(r"[A-Z][A-Za-z]{2,30}: ")  # Hash: SHA256
_RICH_PARAMETER = re.compile(r"<param>[^<]{0,2000}</param>", re.I)
_RICH_COMMAND = re.compile(r"</?([A-Za-z0-9-]{1,60})>")
_RICH_BREAKS = re.compile(r"\n+")


def unflowed(text: str, *, delsp: bool) -> str:
    """
    Paragraphs of format=flowed as one line each; `-- ` stays a line. Total.

    Source: RFC 3676 §4.1 to §4.5.
    """
    lines: list[list[str]] = []
    flowing = ""  # the quote marks of the line that flows on into the next; "" for none
    for line in text.split("\n"):
        marks = line[: len(line) - len(line.lstrip(">"))]
        words = line[len(marks) :].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        said = words[:-1] if flows and delsp else words
        if lines and flowing == f"{marks}|" and words != "-- ":
            lines[-1].append(said)
        else:
            lines.append([f"{marks} " if marks else "", said])
        flowing = f"{marks}|" if flows else ""
    return "\n".join("".join(line) for line in lines)


def unarmored(text: str) -> tuple[str, tuple[str, ...]]:
    """
    The words of a text that PGP signed in place, without its armor; and what it encrypted in place.

    What is encrypted says nothing to anybody here, and is taken out. Total, and linear.

    Source: RFC 9580 §6.2, §7.
    """
    if "-----BEGIN PGP " not in text:
        return text, ()
    words: list[str] = []
    encrypted: list[list[str]] = []
    where = ""  # "head": fields above signed words; "signed"; "cipher", "signature": up to their end
    for line in text.split("\n"):
        bare = line.rstrip()
        if bare == _SIGNED:
            where = "head"
        elif bare == _ENCRYPTED:
            where = "cipher"
            encrypted.append([line])
        elif bare == _SIGNATURE:
            where = "signature"
        elif where == "cipher":
            encrypted[-1].append(line)
            where = "" if bare == _ENCRYPTED_END else where
        elif where == "signature":
            where = "" if bare == _SIGNATURE_END else where
        elif where == "head" and (not bare or _ARMOR_FIELD.match(bare)):
            where = where if bare else "signed"
        else:
            where = "signed" if where == "head" else where
            words.append(line.removeprefix("- ") if where == "signed" else line)
    return "\n".join(words), tuple("\n".join(lines) for lines in encrypted)


def unenriched(text: str) -> str:
    """
    The words of text/enriched, or of text/richtext before it. Total.

    Source: RFC 1896; RFC 1341 §7.1.3.
    """
    text = _RICH_PARAMETER.sub("", text).replace("<<", "\0")
    text = _RICH_BREAKS.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", text)
    marks = {"nl": "\n", "lt": "<", "np": "\n"}
    return _RICH_COMMAND.sub(lambda one: marks.get(one[1].lower(), ""), text).replace("\0", "<")
