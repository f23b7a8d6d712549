"""`practiq export --json`: everything, typed, and of a client alone where one is named."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from service import export_rows
from service.cli import call_main
from service.export import export_lines
from tests.agency import DANA, HANK, MAYA, Clock, at_work, mail
from tests.mornings import Days

pytestmark = pytest.mark.both_databases

Line = dict[str, Any]


def lines(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[Line]:
    capsys.readouterr()
    assert call_main(words) == 0
    return [json.loads(one) for one in capsys.readouterr().out.splitlines()]


def test_everything_is_there_with_its_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other commands show, each as they have it; of a client nothing of another, and no letter."""
    monkeypatch.setattr(export_rows, "PAGE", 2)  # the pages join
    clock = Clock()
    clock.to("2026-11-10T08:00:00-05:00")
    asks = [
        mail(DANA, "Approved. Could you send the layouts by Friday?", subject=f"Ask {n}") for n in range(4)
    ]
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.comes(*asks, mail(HANK, "Could you send the banner?", subject="Banner"))
        digest = at.morning("2026-11-11T08:00:00-05:00")
        at.answer(digest, "snooze 1 until Friday; 2 is Globex")
    config = ["--config", str(tmp_path / "config.toml")]
    found = lines([*config, "export", "--json"], capsys)
    types = Counter(one["type"] for one in found)
    shown = lines([*config, "messages", "--json"], capsys)
    assert [{**one, "type": None} for one in found if one["type"] == "message"] == [
        {**one, "type": None} for one in shown
    ]
    threads = lines([*config, "threads", "--json"], capsys)
    assert types["thread"] == len(threads)
    for kind in ("export", "workspace", "signal", "approval", "order", "command", "digest", "letter"):
        assert types[kind], kind
    assert {one["kind"] for one in found if one["type"] == "order"} == {"snooze", "assign"}
    assert any("Subject: " in (one["text"] or "") for one in found if one["type"] == "letter")

    globex = lines([*config, "export", "--json", "--workspace", "Globex"], capsys)
    assert {one["workspace"] for one in globex if one["type"] in {"message", "thread", "signal"}} == {
        "Globex"
    }
    assert not {one["type"] for one in globex} & {"letter", "digest"}
    assert call_main([*config, "export", "--json", "--workspace", "Nobody"]) == 2
    assert call_main([*config, "export"]) == 2


def test_memory_does_not_grow_with_the_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five times as many messages take hardly more room while they are exported."""
    monkeypatch.setattr(export_rows, "PAGE", 3)
    with at_work(tmp_path, Clock()) as app:
        at, peaks = Days(app, Clock()), []
        for count in (6, 24):
            at.comes(*(mail(DANA, "word " * 4000, to=MAYA, subject=f"{count}/{n}") for n in range(count)))
            sum(1 for _ in export_lines(app, app.now()))  # what is loaded once is loaded
            tracemalloc.start()
            assert sum(one["type"] == "message" for one in export_lines(app, app.now())) >= count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]
