"""The folder of many agencies' configurations: a file at fault stops no other, and what changes is taken as it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.agencies import Agencies
from service.errors import ConfigError
from tests.agency import CONFIG

DATABASE = "postgresql+psycopg://practiq:sesame@db.example/practiq"


def put(folder: Path, name: str, *, url: str = DATABASE, schema: str = "", more: str = "") -> Path:
    """Write an agency's file; its schema has its name, unless another one is said."""
    path = folder / f"{name}.toml"
    path.write_text(f'{CONFIG}{more}[database]\nurl = "{url}"\nschema_name = "{schema or name}"\n')
    return path


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said since the last time of configurations that are not taken."""
    events = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    caplog.clear()
    told = [one for one in events if one["event"] == "configuration not taken"]
    return [f"{one['reason']} {one['meanwhile']}" for one in told]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("[agency", "bad.toml: this is not TOML"),
        ("[agency]\nname = 3", "bad.toml: agency.name: "),
        (CONFIG, "bad.toml: workers need PostgreSQL. Write [database] url like"),
        (f'{CONFIG}[database]\nurl = "{DATABASE}"\npassword_file = "/absent"', "The password file /absent"),
        (
            f'{CONFIG}[database]\nurl = "{DATABASE}2"',
            "bad has another database than the others. Workers share",
        ),
        (
            f'{CONFIG}[database]\nurl = "{DATABASE}"\nschema_name = "good"',
            "bad has the same database and schema as good",
        ),
    ],
)
def test_file_at_fault_stops_no_other(
    fault: str, words: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once, and again where it is another fault; without its last good configuration the agency waits."""
    put(tmp_path, "good")
    agencies = Agencies(tmp_path, {})
    (tmp_path / "bad.toml").write_text(fault)
    for _ in range(2):
        agencies.renew()
    (told,) = said(caplog)
    assert words in told
    assert "sesame" not in told
    assert list(agencies) == ["good"]
    (tmp_path / "bad.toml").write_text("[")
    agencies.renew()
    assert len(said(caplog)) == 1


def test_what_changes_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A new file, a changed one, one that is gone; one at fault keeps its last good configuration until it is mended."""
    put(tmp_path, "one")
    two = put(tmp_path, "two")
    (tmp_path / ".three.toml").write_text("an editor's")
    agencies = Agencies(tmp_path, {})
    assert sorted(agencies) == ["one", "two"]
    before = agencies.find("two")

    put(tmp_path, "four")
    two.write_text("[agency")
    agencies.renew()
    assert sorted(agencies) == ["four", "one", "two"]
    assert agencies.find("two") is before
    assert said(caplog)[0].endswith("Mend that line. goes on with its last good one")

    put(tmp_path, "two", more="[retention]\nmail = 30\n")
    (tmp_path / "one.toml").unlink()
    agencies.renew()
    changed = agencies.find("two")
    assert sorted(agencies) == ["four", "two"]
    assert changed
    assert changed.retention.mail == 30
    assert said(caplog) == []


def test_copy_that_is_not_yet_changed_takes_nobodys_place(tmp_path: Path) -> None:
    """Though its name is the first."""
    put(tmp_path, "northlight")
    agencies = Agencies(tmp_path, {})
    put(tmp_path, "acme", schema="northlight")
    agencies.renew()
    assert list(agencies) == ["northlight"]
    put(tmp_path, "acme")
    agencies.renew()
    assert sorted(agencies) == ["acme", "northlight"]


def test_all_may_move_to_another_database(tmp_path: Path) -> None:
    """Those that have moved wait for the last one; then all work there."""
    for name in ("one", "two"):
        put(tmp_path, name)
    agencies = Agencies(tmp_path, {})
    new = DATABASE.replace("db.example", "new.example")
    put(tmp_path, "one", url=new)
    agencies.renew()
    assert [str(config.database.url) for name in agencies if (config := agencies.find(name))] == [
        DATABASE
    ] * 2
    put(tmp_path, "two", url=new)
    agencies.renew()
    assert [str(config.database.url) for name in agencies if (config := agencies.find(name))] == [new] * 2
    assert agencies.address("jobs") == f"{new}?schema=jobs"


def test_folder_that_is_away_takes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Emptied, or gone: that is told, and all go on."""
    folder = tmp_path / "agencies"
    folder.mkdir()
    file = put(folder, "one")
    agencies = Agencies(folder, {})
    file.unlink()
    agencies.renew()
    assert "has no configuration in it" in said(caplog)[0]
    folder.rmdir()
    agencies.renew()
    assert "cannot be read" in said(caplog)[0]
    assert list(agencies) == ["one"]


def test_nothing_right_is_an_error(tmp_path: Path) -> None:
    """In the words of what is wrong."""
    with pytest.raises(ConfigError, match="has no configuration in it"):
        Agencies(tmp_path, {})
    (tmp_path / "bad.toml").write_text("[")
    with pytest.raises(ConfigError, match=r"bad\.toml: this is not TOML"):
        Agencies(tmp_path, {})
