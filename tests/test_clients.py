"""Clients in the database: imported, changed by commands, and known to all that knows those of the file."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from parsers.client_lists import Row
from service import backlog, clients_waiting, watching
from service.app import build
from service.cli import call_main
from service.client_changes import Plan, carry_out, plan_rows
from service.config import WorkspaceSection, load
from service.inspection import teach
from service.intake import keep_raw
from tests.agency import MAYA, SAM, Clock, at_work, mail, on_watch, write_config
from tests.databases import values_in
from tests.processes import await_that

pytestmark = pytest.mark.both_databases
BESIDE = pytest.mark.one_database("beside who is at work PostgreSQL takes what SQLite has wait in a file")

HUGO = "hugo@lumen.example"


@dataclass
class Shell:
    """The command line of an agency, for a test."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        status = call_main(["--config", str(self.folder / "config.toml"), *words])
        out, err = self.capsys.readouterr()
        return status, out, err

    def lines(self, *words: str) -> list[dict[str, Any]]:
        """The JSON lines of a command, whatever its status."""
        return [json.loads(line) for line in self.run(*words, "--json")[1].splitlines()]

    def csv(self, text: str) -> str:
        """The name of a file with this in it."""
        path = self.folder / "clients.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def takes(self, *mails: bytes) -> None:
        """Have these mails read."""
        with at_work(self.folder, Clock()) as app:
            keep_raw(app.store, mails, app.now(), app.door)
            backlog.read(app)

    def filed(self) -> list[str | None]:
        """The client of each thread."""
        return [one["workspace"] for one in self.lines("threads")]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The sample agency, with two clients in its file."""
    write_config(tmp_path)
    return Shell(tmp_path, capsys)


def test_import_finds_the_mail_that_came_before(shell: Shell) -> None:
    """A client of the list is one like those of the file, for every command; its earlier mail is filed."""
    shell.takes(mail(HUGO, "Could you send the logo?", subject="Logo"))
    assert shell.filed() == [None]

    status, out, err = shell.run(
        "clients", "import", shell.csv("Client,Domain,AM\nLumen,lumen.example,Sam\n")
    )

    assert (status, out) == (0, f"line 2: Lumen is added: for {SAM}; domains: lumen.example.\n")
    assert err == "1 added. Conversations filed again: 1.\n"
    assert shell.filed() == ["Lumen"]
    assert [one["workspace"] for one in shell.lines("workspaces")] == ["Acme Corp", "Globex", "Lumen"]
    assert "Logo" in shell.run("workspace", "lumen")[1]
    assert shell.lines("threads", "--workspace", "Lumen", "--for", SAM)
    assert shell.run("clients", "remove", "lumen")[1] == (
        "lumen is no client any more. Conversations filed again: 1.\n"
    )
    assert shell.filed() == [None]


def test_faulty_rows_are_told_and_the_others_go_on(shell: Shell) -> None:
    """Each with its line and what would be right, exit status 1; those of the file stay as they are."""
    text = (
        "Client,Domains,AM\nLumen,lumen.example,Maya\nFree,gmail.com,Maya\nOurs,northlight.example,Sam\n"
        f"None,none,Sam\nThief,acme.example,Sam\nWho,who.example,Zoe\nACME corp,x.example,{SAM}\nlumen,y.example,Sam\n"
    )
    found = {one["line"]: one for one in shell.lines("clients", "import", shell.csv(text))}

    assert shell.run("clients", "import", shell.csv(text))[0] == 1
    assert {line: one["outcome"] for line, one in found.items()} == {
        2: "added", 3: "refused", 4: "refused", 5: "refused", 6: "refused", 7: "refused", 8: "left", 9: "refused",
    }  # fmt: skip
    assert "gmail.com is a mail provider that anybody may use" in found[3]["words"]
    assert "northlight.example is the agency's own" in found[4]["words"]
    assert found[5]["words"] == "domains[1]: 'none' is no domain; write it like acme.example"
    assert found[6]["words"] == "domains: acme.example is Acme Corp's already"
    assert "Zoe is no account manager; there are Maya Chen" in found[7]["words"]
    assert "line 2" in found[9]["words"]
    assert [(one["client"], one["where"]) for one in shell.lines("clients")] == [
        ("Acme Corp", "file"), ("Globex", "file"), ("Lumen", "database"),
    ]  # fmt: skip


def test_import_again_changes_what_its_columns_say(shell: Shell) -> None:
    """Twice the same changes nothing, a dry run neither; a column that is not there leaves what it would say."""
    first = shell.csv(
        "Client,Domains,Contacts,AM\nLumen,lumen.example,a@gmail.com,Sam\nVenn,venn.example,,Sam\n"
    )
    shell.run("clients", "import", first)
    assert {one["outcome"] for one in shell.lines("clients", "import", first)} == {"unchanged"}
    before = shell.lines("clients")

    again = shell.csv(f"Client,Domains,Manager\nLUMEN,lumen.example lumen-two.example,{MAYA}\n")
    status, out, err = shell.run("clients", "import", "--dry-run", again)
    assert (status, err) == (0, "1 changed; nothing is done yet.\n")
    assert out.startswith(
        f"line 2: Lumen is changed: for {MAYA}, before for {SAM}; domains: +lumen-two.example"
    )
    assert shell.lines("clients") == before

    shell.run("clients", "import", again)
    (lumen,) = [one for one in shell.lines("clients") if one["client"] == "Lumen"]
    assert lumen["domains"] == ["lumen.example", "lumen-two.example"]
    assert (lumen["contacts"], lumen["account_manager"]) == (["a@gmail.com"], MAYA)
    assert any(one["client"] == "Venn" for one in shell.lines("clients"))


def test_domain_may_move_between_clients_of_one_list(shell: Shell) -> None:
    """What one row gives up another may have, in either order; where the first is refused, so is the second."""
    head = "Client,Domains,AM\n"
    shell.run("clients", "import", shell.csv(head + "Lumen,a.example b.example,Sam\nVenn,c.example,Sam\n"))
    moved = shell.lines(
        "clients", "import", shell.csv(head + "Venn,b.example c.example,Sam\nLumen,a.example,Sam\n")
    )
    back = shell.lines(
        "clients", "import", shell.csv(head + "Lumen,a.example b.example,Sam\nVenn,gmail.com,Sam\n")
    )

    assert [one["outcome"] for one in moved] == ["changed", "changed"]
    assert [(one["outcome"], one["words"].partition(":")[2]) for one in back] == [
        ("refused", " b.example is Venn's already"),
        ("refused", " gmail.com is a mail provider that anybody may use; list the people as contacts"),
    ]


def test_commands_add_and_change(shell: Shell) -> None:
    """One client at a time; what is there already is said."""
    add = ("clients", "add", "Lumen", "--domain", "lumen.example", "--manager", "sam")
    assert shell.run(*add)[:2] == (
        0,
        f"Lumen is added: for {SAM}; domains: lumen.example. Conversations filed again: 0.\n",
    )
    status, _, err = shell.run(*add)
    assert (status, "is a client already" in err) == (1, True)

    change = ("clients", "change", "lumen", "--alias", "LX", "--drop", "lumen.example", "--contact", HUGO)
    assert shell.run(*change)[1] == (
        f"Lumen is changed: domains: -lumen.example; contacts: +{HUGO}; aliases: +LX. Conversations filed again: 0.\n"
    )
    assert shell.run(*change)[1] == "Lumen is so already.\n"
    (lumen,) = [one for one in shell.lines("clients") if one["client"] == "Lumen"]
    assert (lumen["domains"], lumen["contacts"], lumen["aliases"]) == ([], [HUGO], ["LX"])


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["change", "Acme corp", "--alias", "x"], 2, "stands in the configuration's file, which decides."),
        (["remove", "Globex"], 2, "Change that client there."),
        (["remove", "Lumn"], 1, "No client is called “Lumn”."),
        (["change", "Acme Corq", "--alias", "x"], 1, "Did you mean Acme Corp?"),
        (["add", "X", "--domain", "gmail.com", "--manager", "maya"], 1, "anybody may use; list the people as contacts"),
        (["add", "X"], 1, "X: account_manager: is missing; there are Maya Chen"),
        (["add", "X", "--manager", "sam", "--keep-mail", "soon"], 1, "keep_mail: input should be a valid integer"),
        (["import", "nowhere.csv"], 1, "nowhere.csv cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(shell: Shell, words: list[str], status: int, said: str) -> None:
    """With what would be right, and nothing is changed."""
    done, out, err = shell.run("clients", *words)

    assert (done, out) == (status, "")
    assert said in err
    assert len(shell.lines("clients")) == 2


@BESIDE
def test_who_is_at_work_takes_it_in(shell: Shell) -> None:
    """A command beside a running practiq changes its clients without a restart."""
    done: list[tuple[int, str, str]] = []

    with at_work(shell.folder, Clock()) as app, app.store.alone():
        add = [
            "clients",
            "add",
            "Lumen",
            "--domain",
            "lumen.example",
            "--manager",
            "sam",
            "--keep-mail",
            "30",
        ]
        command = threading.Thread(target=lambda: done.append(shell.run(*add)))
        command.start()
        while command.is_alive():
            backlog.read(app)
            command.join(0.05)
        (status, out, _), waits = done[0], app.waiting

        assert (status, out.partition(". ")[2]) == (
            0,
            "The practiq that is at work has taken it in, and files its mail again.\n",
        )
        assert app.office.workspaces.find("Lumen")
        assert app.retention.of("Lumen") == timedelta(days=30)
        assert waits
        assert not waits.exists()


def test_service_without_an_inbox_takes_it_in(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else wakes one that has no [imap], and it looks all the same."""
    monkeypatch.setattr(watching, "IDLE_SECONDS", 0.05)
    with at_work(shell.folder, Clock()) as app, app.store.alone(), on_watch(app):
        assert shell.run("clients", "add", "Lumen", "--manager", "sam")[0] == 0
        await_that(lambda: app.office.workspaces.find("Lumen"))


def test_all_see_them_wherever_they_lie(shell: Shell) -> None:
    """Beside one that is at work, which has them with its next pass: checked, and known to what understands mail files."""
    done: list[tuple[int, str, str]] = []
    with at_work(shell.folder, Clock()) as app, app.store.alone():
        add = ["clients", "add", "Lumen", "--domain", "lumen.example", "--manager", "sam"]
        command = threading.Thread(target=lambda: done.append(shell.run(*add)))
        command.start()
        while command.is_alive():
            backlog.read(app)
            command.join(0.05)
        backlog.read(app)
        assert done[0][0] == 0
        assert app.office.workspaces.find("Lumen")
        found = {one["what"]: one for one in shell.lines("check")}
    config = load(shell.folder / "config.toml", {})
    reads = build(config, url="sqlite://")
    try:
        teach(reads, config.database.address())
        assert reads.office.workspaces.find("Lumen")
    finally:
        reads.close()

    assert found["clients"]["words"] == "clients: 3, 1 of them in the database"
    assert found["database"]["verdict"] == "ok"


@pytest.mark.parametrize("is_at_work", [False, True])
def test_changes_at_the_same_moment_come_one_after_another(shell: Shell, is_at_work: bool) -> None:
    """The second is made of what the first has made, whether another practiq is at work or not."""
    planning, second_planned = threading.Event(), threading.Event()

    def add(name: str, before: Callable[[], object]) -> None:
        def plan_of(held: Sequence[WorkspaceSection]) -> Plan:
            before()
            row = Row(line=None, name=name, lists={}, manager=SAM, keep_mail=None)
            return plan_rows([row], held, app.config, app.office)

        app = build(load(shell.folder / "config.toml", {}), writes=False)
        try:
            carry_out(app, plan_of)
        finally:
            app.close()

    def wait_for_the_second() -> None:
        planning.set()
        second_planned.wait(0.5)

    with at_work(shell.folder, Clock()) as app, app.store.alone() if is_at_work else nullcontext():
        first = threading.Thread(target=add, args=("Lumen", wait_for_the_second))
        first.start()
        assert planning.wait(20)
        second = threading.Thread(target=add, args=("Venn", second_planned.set))
        second.start()
        while first.is_alive() or second.is_alive():
            if is_at_work:
                backlog.read(app)
            second.join(0.05)
    assert {"Lumen", "Venn"} < {one["client"] for one in shell.lines("clients")}


@BESIDE
def test_what_nobody_takes_in_waits(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told so; another change then says what it waits for, and the next pass takes in the first."""
    monkeypatch.setattr(clients_waiting, "PATIENCE_SECONDS", 0.2)
    with at_work(shell.folder, Clock()) as app:
        with app.store.alone():
            first = shell.run("clients", "add", "Lumen", "--manager", "sam")
            second = shell.run("clients", "add", "Venn", "--manager", "sam")
            mode = (shell.folder / "practiq.db.clients").stat().st_mode & 0o777
        backlog.read(app)

        assert first[1].endswith("takes it in with its next pass.\n")
        assert (second[0], "An earlier change waits" in second[2]) == (1, True)
        assert mode == 0o600
        assert app.office.workspaces.find("Lumen")
        assert [one.name for one in shell.folder.glob("practiq.db.clients*")] == []


@BESIDE
def test_change_that_cannot_be_read_stops_nothing(shell: Shell) -> None:
    """It is put aside, and the clients stay as they were."""
    with at_work(shell.folder, Clock()) as app:
        (shell.folder / "practiq.db.clients").write_bytes(b'[{"name": "X", "domains": ["no"]}]')
        backlog.read(app)

        assert len(app.office.workspaces.all) == 2
    assert [one.name for one in shell.folder.glob("practiq.db.clients*")] == ["practiq.db.clients.unread"]


def test_list_says_nothing_that_a_terminal_obeys(shell: Shell) -> None:
    """Names and headers are shown without escapes and what turns their direction."""
    text = "Client,AM,\x1b[2Jx\nA\x1b[2J\u202eB,Sam,\n"
    status, out, err = shell.run("clients", "import", shell.csv(text))
    assert (status, out) == (0, f"line 2: A [2JB is added: for {SAM}.\n")
    assert "\x1b" not in err


def test_all_clients_may_live_in_the_database(shell: Shell) -> None:
    """A configuration without any is right, and says what there is where a client is looked for."""
    path = shell.folder / "config.toml"
    path.write_text(re.sub(r"\[\[workspaces\]\]\n(.+\n)+?(?=\[|$)", "", path.read_text()))
    assert load(path, {}).workspaces == []
    assert shell.run("workspaces")[1] == "No clients yet.\n"
    assert "There are no clients yet." in shell.run("threads", "--workspace", "Acme")[2]
    assert "There are no clients yet." in shell.run("forget", "Acme", "--yes")[2]

    shell.run("clients", "add", "Lumen", "--domain", "lumen.example", "--manager", "sam")
    assert [one["workspace"] for one in shell.lines("workspaces")] == ["Lumen"]


def test_file_decides_on_whom_both_name(shell: Shell) -> None:
    """A client that is put into the file later is as the file says, and comes once."""
    shell.run("clients", "add", "Lumen", "--domain", "lumen.example", "--manager", "sam")
    path = shell.folder / "config.toml"
    path.write_text(f'{path.read_text()}[[workspaces]]\nname = "LUMEN"\naccount_manager = "{MAYA}"\n')

    (lumen,) = [one for one in shell.lines("clients") if one["client"].lower() == "lumen"]
    assert (lumen["where"], lumen["account_manager"], lumen["domains"]) == ("file", MAYA, [])


def test_forgotten_client_leaves_the_list(shell: Shell) -> None:
    """With its mail it is gone from the database, and whoever is forgotten is nobody's contact."""
    shell.takes(mail(HUGO, "Could you send the logo?", subject="Logo"))
    shell.run("clients", "add", "Lumen", "--domain", "lumen.example", "--manager", "sam")
    shell.run("clients", "add", "Venn", "--contact", HUGO, "--manager", "sam")
    assert shell.run("forget", "Lumen", "--yes")[0] == 0

    held = {one["client"]: one for one in shell.lines("clients")}
    assert held.keys() == {"Acme Corp", "Globex", "Venn"}
    assert held["Venn"]["contacts"] == []
    assert not [one for one in values_in(shell.folder) if isinstance(one, str) and "lumen.example" in one]
    assert b"lumen.example" not in b"".join(one.read_bytes() for one in shell.folder.glob("practiq.db*"))
