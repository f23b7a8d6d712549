"""Logs, errors and tracebacks carry no word of a mail, no address of its people, no password and no key (promises.md P20)."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from parsers.message import UnreadableMessage
from service import backlog, logs, reading
from service.accounts import ImapAccount
from service.config import load
from service.errors import ConfigError, LogInRefused, MailboxError, PractiqError, traceback_of
from service.inbox import Inbox
from service.intake import keep_raw
from service.kept_rows import KeptState, list_kept
from service.sandbox import Sandbox
from tests.agency import AUTHENTICATION, CONFIG, INBOX, MAYA, Clock, at_work, mail, servers_of, write_config
from tests.desk import Desk, Script, SecureSink
from tests.processes import ALWAYS_DUE, NOON, ROOT
from tests.servers import PASSWORD, ScriptedImap, User, make_certificate

pytestmark = pytest.mark.one_database("it is about what is said, not what is stored")

# Words of mail that stand nowhere else.
WILMA = "Wilhelmina Quartz <wilhelmina@acme.example>"
WORDS = ("Wilhelmina", "Quartz", "wilhelmina@", "Zanzibar", "Xylophone", "Peppermint", "obsidian.pdf")
SECRETS = (  # as it is, and as AUTH LOGIN and AUTH PLAIN say it
    PASSWORD,
    b64encode(PASSWORD.encode()).decode(),
    b64encode(f"\0practiq\0{PASSWORD}".encode()).decode(),
)

WROTE = mail(WILMA, "Xylophone approved, please go ahead.", subject="Zanzibar")

# A fault of ours at one mail and at one digest, with the words of the mail in its own.
FAULTY = """
from service import jobs, reading
read = reading.read
def break_(session, anatomy, kept, office):
    if "Peppermint" in anatomy.message.subject:
        raise ValueError(anatomy.message.subject) from KeyError(anatomy.message.author)
    read(session, anatomy, kept, office)
reading.read = break_
made = jobs.compose
def compose(app, session, manager, **more):
    if manager.address.startswith("sam@"):
        raise ValueError("Xylophone")
    return made(app, session, manager, **more)
jobs.compose = compose
"""
NO_STATUS = "from service import health\ndef status_line(*_):\n    raise ValueError('Xylophone')\nhealth.status_line = status_line\n"


def practiq(config: Path, *words: str, tuned: str = "") -> str:
    """All that a `practiq` with everything said aloud says."""
    code = f"{tuned}\nimport sys\nfrom service.cli import entry\nentry()"
    command = [sys.executable, "-c", code, "--config", str(config), "--log-level", "debug", "--debug", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    return done.stdout + done.stderr


def leaks(said: str) -> list[str]:
    return [one for one in (*WORDS, *SECRETS) if one.lower() in said.lower()]


@pytest.mark.promise("P20")
@pytest.mark.pitfall("itop-jb-mail#148", "itop-jb-mail#167", "itop-jb-mail#247", "imapclient#270")
def test_a_day_is_said_aloud_without_a_word_of_mail(
    tmp_path: Path, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mail is read from files and over IMAP, digests go out with a log-in, a reply is obeyed and a forged one refused,
    mail breaks the reading and the digest: at --log-level debug, with --debug, nothing of it is told."""
    make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    (tmp_path / "secret").write_text(PASSWORD + "\n")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Cc"], letter["Subject"] = WILMA, MAYA, INBOX, "Peppermint"
    letter.set_content("Xylophone")
    letter.add_attachment(b"x", maintype="application", subtype="pdf", filename="obsidian.pdf")
    (tmp_path / "mail").mkdir()
    for number, raw in enumerate(
        (WROTE, letter.as_bytes(), b"Zanzibar, and no header\0", b"\x7fELFZanzibar\0")
    ):
        (tmp_path / "mail" / f"{number}.eml").write_bytes(raw)
    with SecureSink(tmp_path, "starttls") as sink:
        servers = servers_of(user, sink).replace(
            f'password = "{PASSWORD}"', f'password_file = "{tmp_path}/secret"'
        )
        servers = servers.replace(
            f'port = {sink.port}\ntls = "none"', f'port = {sink.port}\ntls = "starttls"'
        )
        more = f'username = "practiq"\npassword_file = "{tmp_path}/secret"\n'
        config = write_config(tmp_path, AUTHENTICATION + servers + more + ALWAYS_DUE, zone=NOON)
        said = practiq(config, "ingest", str(tmp_path / "mail"), tuned=FAULTY)
        said += practiq(config, "poll", tuned=FAULTY)
        digest = next(one.content for one in sink.letters if MAYA in one.rcpt_tos)
        user.deliver(
            mail(MAYA, "done 1 please\n\nXylophone", to=INBOX, cc="", answers=digest, subject="Re: Zanzibar"),
            mail(MAYA, "done 2 Xylophone", to=INBOX, cc="", answers=digest, subject="Re: Zanzibar",
                 verdict="mx.northlight.example; dmarc=fail header.from=northlight.example"),
            mail(WILMA, "Could you send the Xylophone?", subject="Zanzibar again"),
        )  # fmt: skip
        said += practiq(config, "poll")
        said += practiq(config, "status", "--json")
        said += practiq(config, "status", tuned=NO_STATUS)

    events = [
        json.loads(line)["event"] for line in said.splitlines() if line.startswith('{"') and '"event"' in line
    ]
    assert {"polled", "quarantined", "digest failed", "digest", "letter", "reply refused"} <= set(events)
    assert sink.passwords
    assert "status_line\n" in said  # the traceback is there, without its last words
    assert said.endswith("ValueError\n")
    assert leaks(said) == []


@pytest.mark.promise("P20")
def test_what_breaks_the_reading_is_kept_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that a mail causes is kept as its kind and its place in the code."""

    def break_(*_: Any) -> None:
        raise ValueError("Zanzibar")

    monkeypatch.setattr(reading, "read", break_)
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [WROTE], app.now())
        backlog.read(app)
        with app.store.transaction() as session:
            (kept,) = list_kept(session, KeptState.QUARANTINED)

    assert kept.fault is not None
    assert kept.fault.startswith("ValueError at ")
    assert f"{Path(__file__).name}:" in kept.fault


@pytest.mark.promise("P20")
def test_what_breaks_the_sandbox_is_told_without_its_words() -> None:
    """A fault in the process that reads mail says what and where, and no more."""
    with closing(Sandbox(read=int)) as sandbox, pytest.raises(UnreadableMessage) as fault:  # type: ignore[arg-type]
        sandbox.anatomy_of(b"Zanzibar")

    assert str(fault.value).startswith("ValueError at ")
    assert leaks(str(fault.value)) == []


# ---------------------------------------------------------------- what libraries say


@pytest.mark.promise("P20")
def test_what_a_library_says_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """That it said something, and where in its code, is logged; not its words, nor those of an error that it caught."""
    logs.set_up("debug")
    library = logging.getLogger("some.library")
    library.debug("LOGIN practiq %s", PASSWORD)
    library.warning("cannot read %s", "Zanzibar", extra={"mail": "Xylophone"})
    try:
        raise ValueError(WORDS[3]) from OSError(WORDS[4])
    except ValueError:
        library.exception("Peppermint")
    loop = asyncio.new_event_loop()
    loop.call_exception_handler({"message": "Zanzibar", "exception": ValueError("Xylophone")})
    loop.close()

    said = capsys.readouterr().err
    events = [json.loads(line) for line in said.splitlines()]
    assert [(one["event"], one["library"], one["level"]) for one in events] == [
        ("library", "some.library", "warning"),
        ("library", "some.library", "error"),
        ("library", "asyncio", "error"),
    ]
    assert f"{Path(__file__).name}:" in events[0]["at"]
    assert "OSError\n\nwhich led to\n\n" in events[1]["exception"]
    assert events[1]["exception"].endswith("ValueError")
    assert leaks(said) == []


def test_our_own_words_stay_in_a_traceback() -> None:
    """An error that we foresaw keeps its sentence, since it is ours; what it came of does not."""
    try:
        try:
            raise OSError(WORDS[3])
        except OSError as cause:
            raise PractiqError("The disk is full.", hint="Free some space.") from cause
    except PractiqError as error:
        said = traceback_of(error)

    assert said.endswith("PractiqError: The disk is full.\n  Free some space.")
    assert "OSError\n" in said
    assert leaks(said) == []


# ---------------------------------------------------------------- passwords and keys


@pytest.mark.promise("P20")
def test_nothing_shows_its_secrets(tmp_path: Path) -> None:
    """Password and token key are not in how configuration, accounts and application are shown: a debugger shows locals."""
    (tmp_path / "secret").write_text(PASSWORD)
    more = f'[imap]\nhost = "x.example"\npassword_file = "{tmp_path}/secret"\n'
    more += f'[smtp]\nhost = "x.example"\npassword = "{PASSWORD}"\n'
    config = load(write_config(tmp_path, more), {})
    with at_work(tmp_path, Clock(), more) as app:
        shown = f"{config!r} {config} {app!r} {config.imap_account()} {config.smtp_account()}"

        assert repr(app.token_key) not in shown
        assert app.token_key.hex() not in shown
    assert "x.example" in shown
    assert leaks(shown) == []


@pytest.mark.promise("P20")
@pytest.mark.parametrize(
    "more",
    [
        f'[[smtp]]\nhost = "x.example"\npassword = "{PASSWORD}"\n',
        f'[smtp]\nhost = "x.example"\npasword = "{PASSWORD}"\n',
        f'[smtp]\nhost = "x.example"\npassword = ["{PASSWORD}"]\n',
        f'[smtp]\nhost = "x.example"\npassword = {{is = "{PASSWORD}"}}\n',
        f'[smtp]\nhost = {{is = "x.example", password = "{PASSWORD}"}}\n',
        f'[smtp]\nhost = "x.example"\npassword = "{PASSWORD}"\npassword_file = "x"\n',
        f'password = "{PASSWORD}"\n',
        f'[smtp]\nhost = "x.example"\npassword = "{PASSWORD}\n',
    ],
)
def test_a_wrong_configuration_is_told_without_its_password(tmp_path: Path, more: str) -> None:
    """Whatever is wrong with it, and wherever the password stands, the sentence does not repeat it."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + more if more.startswith("[") else more + CONFIG)
    with pytest.raises(ConfigError) as error:
        load(path, {})

    assert leaks(f"{error.value} {error.value!r} {traceback_of(error.value)}") == []


@pytest.mark.promise("P20")
@pytest.mark.pitfall("itop-jb-mail#148", "imapclient#270")
@pytest.mark.parametrize("password", [PASSWORD, 'on-loop\\back"only', f"{PASSWORD} Zanzibar"])
@pytest.mark.parametrize(
    ("verdict", "fault"), [("NO", LogInRefused), ("BAD", LogInRefused), ("* BYE", MailboxError)]
)
def test_a_server_that_repeats_the_password_is_not_repeated(
    password: str, verdict: str, fault: type[Exception]
) -> None:
    """Where a server refuses a log-in by quoting it, the sentence has its words without the password."""

    def answer(tag: str, command: str) -> Sequence[bytes] | None:
        tagged = verdict if verdict.startswith("*") else f"{tag} {verdict}"
        refused = f"{tagged} not understood: {'x' * 150} {command}\r\n"
        return [(refused if command.startswith("LOGIN") else f"{tag} OK done\r\n").encode()]

    with closing(ScriptedImap(answer)) as server, pytest.raises(fault) as error:
        Inbox.connect(
            ImapAccount(host="127.0.0.1", port=server.port, tls="none", username="u", password=password)
        )

    assert "The IMAP server" in str(error.value)
    assert "on-loop" not in str(error.value)
    assert leaks(str(error.value)) == []


@pytest.mark.promise("P20")
@pytest.mark.parametrize("code", [b"535", b"454", b"421"])
@pytest.mark.parametrize("secret", SECRETS)
def test_nor_is_an_smtp_server_that_repeats_it(desk: Desk, script: Script, code: bytes, secret: str) -> None:
    """The same holds for SMTP, where a password also goes in Base64."""
    said = code + b" not understood: " + b"x" * 250 + b" AUTH PLAIN " + secret.encode()
    server = script({"EHLO": b"250-scripted\r\n250 AUTH PLAIN", "AUTH": said})
    desk.put(MAYA)
    with pytest.raises(PractiqError) as error:
        desk.deliver(server.port, username="practiq", password=PASSWORD)

    assert "not understood: xx" in str(error.value)
    assert "on-loop" not in str(error.value)
    assert leaks(f"{error.value} {desk.row().fault}") == []
