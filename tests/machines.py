"""Mails to tell machines from people by."""

from parsers.automation import AutomationKind, automation_of
from parsers.message import parse_message

ABSENCE, BOUNCE, CALENDAR, RECEIPT, TICKET, NEWSLETTER, NOTICE = AutomationKind
ANN = "Ann Tully <ann@fernhollow.example>"
REPLY = {"In-Reply-To": "<k1@agency.example>", "References": "<k1@agency.example>"}


def mail(subject: str, text: str = "", author: str = ANN, content_type: str = "", **fields: str) -> bytes:
    """A mail to the agency; underscores in field names stand for hyphens."""
    header = {
        "Return-Path": "<ann@fernhollow.example>",
        "From": author,
        "To": "pat@agency.example",
        "Subject": subject,
        "Message-ID": "<m1@fernhollow.example>",
        "MIME-Version": "1.0",
        "Content-Type": content_type or "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): body for name, body in fields.items()}
    lines = "".join(f"{name}: {body}\n" for name, body in header.items())
    return f"{lines}\n{text}\n".encode()


def parts(*shown: tuple[str, str]) -> tuple[str, str]:
    """A multipart's text and boundary, of (header lines, content)."""
    body = "".join(f"--b7\n{header}\n\n{content}\n" for header, content in shown)
    return f"{body}--b7--\n", 'boundary="b7"'


def kind_of(raw: bytes) -> AutomationKind | None:
    found = automation_of(parse_message(raw))
    assert found is None or (found.because.isprintable() and 5 < len(found.because) < 200)
    return found.kind if found else None
