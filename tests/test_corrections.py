"""Corrections as people and scripts make them: on the command line, and by reply."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from service import backlog, jobs, watching
from tests.agency import AUTHENTICATION, INBOX, MAYA, Clock, at_work, mail, servers_of, write_config
from tests.servers import SmtpSink, User
from tests.test_cli import Shell
from tests.test_day import newest_to, parsed, tick

pytestmark = pytest.mark.both_databases

HUGO, IRIS = "hugo@lumen-studio.example", "iris@lumen-studio.example"
LOGO = mail(HUGO, "Maya, we need a new logo and a banner. Could you send us a quote?", subject="Logo")
BOOTH = mail(IRIS, "Maya, we need a booth for the fair. Could you send us a quote?", subject="Booth")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """practiq with two mails that are nobody's."""
    shell = Shell(tmp_path, write_config(tmp_path), capsys)
    assert shell.practiq("ingest", shell.mails(LOGO, BOOTH))[0] == 0
    return shell


def owners(shell: Shell) -> set[str | None]:
    return {line["workspace"] for line in shell.lines("threads", "--json")}


def test_assign_says_what_it_did_and_undo_takes_it_back(shell: Shell) -> None:
    """Thread, lessons and what moved, for people and for scripts."""
    name = next(line["thread"] for line in shell.lines("threads", "--json") if line["subject"] == "Logo")
    assert owners(shell) == {None}

    (said,) = shell.lines("assign", name, "globex", "--json")
    assert (said["workspace"], said["learned"]) == ("Globex", [HUGO, "lumen-studio.example"])
    assert {(one["subject"], one["to"]) for one in said["moved"]} == {("Logo", "Globex"), ("Booth", "Globex")}
    assert owners(shell) == {"Globex"}
    lessons = shell.lines("learned", "--json")
    assert [(one["value"], one["by"]) for one in lessons] == [
        (HUGO, "The command line"),
        ("lumen-studio.example", "The command line"),
    ]
    assert HUGO in shell.practiq("learned")[1]
    (seen,) = shell.lines("inspect", str(shell.folder / "mail" / "1.eml"), "--json")
    assert (seen["workspace"], seen["match"]["ground"]) == ("Globex", "learned_domain")

    status, out, _ = shell.practiq("undo")
    assert (status, owners(shell)) == (0, {None})
    assert "Booth" in out
    assert shell.practiq("learned")[1] == "Nothing yet.\n"
    assert shell.practiq("undo")[2] == "There is nothing to take back.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "Globex"), "No thread is called nothing."),
        (("LOGO", "Globx"), "Did you mean Globex?"),
        (("LOGO", "Nobody at all"), "No client is called “Nobody at all”."),
    ],
)
def test_what_cannot_be_assigned_is_one_sentence(shell: Shell, words: tuple[str, str], said: str) -> None:
    """A thread or a client that is not there is said with what would be right, and nothing changes."""
    name = shell.lines("threads", "--json")[0]["thread"]
    status, out, err = shell.practiq("assign", *(one.replace("LOGO", name) for one in words))

    assert (status, out) == (1, "")
    assert said in err
    assert owners(shell) == {None}


def test_a_reply_says_whose_it_is(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """ "1 is Globex" moves the item and what is theirs, says so, and "undo" puts all back."""
    clock = Clock()
    with at_work(tmp_path, clock, AUTHENTICATION + servers_of(user, smtp)) as app:
        user.deliver(LOGO, BOOTH)
        clock.to("2026-11-11T13:30:00+00:00")
        tick(app)
        digest = parsed(next(one.content for one in smtp.letters if one.rcpt_tos == (MAYA,)))
        assert "COULDN'T PLACE" in newest_to(MAYA, smtp)

        def reply(words: str, at: str) -> str:
            clock.to(at)
            user.deliver(
                mail(
                    MAYA,
                    words,
                    to=INBOX,
                    cc="",
                    subject=f"Re: {digest['Subject']}",
                    at=at,
                    fields={"In-Reply-To": digest["Message-ID"]},
                )
            )
            watching.poll(app)
            backlog.read(app)
            asyncio.run(jobs.deliver(app))
            return " ".join(newest_to(MAYA, smtp).split())

        said = reply("1 is Globx", "2026-11-11T13:40:00+00:00")
        assert "Did you mean Globex?" in said
        said = reply("1 is globex, please", "2026-11-11T13:45:00+00:00")
        assert "is Globex's now." in said
        assert "lumen-studio.example" in said
        assert "(no client to Globex)" in said
        assert {one["workspace"] for one in lines(app)} == {"Globex"}

        said = reply("undo", "2026-11-11T13:50:00+00:00")
        assert "is taken back." in said
        assert {one["workspace"] for one in lines(app)} == {None}


def lines(app: jobs.App) -> list[dict[str, str | None]]:
    from service.views import thread_lines

    return [json.loads(json.dumps(one)) for one in thread_lines(app, app.now())]


def test_undo_takes_back_a_snooze(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """The last reply's changes are undone, whatever they were; the same reply read again orders nothing more."""
    clock = Clock()
    with at_work(tmp_path, clock, AUTHENTICATION + servers_of(user, smtp)) as app:
        user.deliver(LOGO)
        clock.to("2026-11-11T13:30:00+00:00")
        tick(app)
        digest = parsed(next(one.content for one in smtp.letters if one.rcpt_tos == (MAYA,)))
        for words, at, snoozed in (
            ("snooze 1 until Friday", "2026-11-11T13:40:00+00:00", True),
            ("undo", "2026-11-11T13:45:00+00:00", False),
        ):
            clock.to(at)
            user.deliver(
                mail(
                    MAYA,
                    words,
                    to=INBOX,
                    cc="",
                    subject="Re: digest",
                    at=at,
                    fields={"In-Reply-To": digest["Message-ID"]},
                )
            )
            watching.poll(app)
            backlog.read(app)
            assert bool(lines(app)[0]["snoozed_until"]) is snoozed

        from service.reread import reread

        reread(app, None)
        assert lines(app)[0]["snoozed_until"] is None
