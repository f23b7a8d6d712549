#!/usr/bin/env python3
"""Score practiq's reading of a labelled mailbox.

    evaluate.py MAILBOX                  run `practiq` on it, then score what it says
    evaluate.py MAILBOX --said FOLDER    score messages.jsonl and threads.jsonl already in FOLDER
    evaluate.py MAILBOX --json           the figures as one JSON object
    evaluate.py MAILBOX --wrong          every disagreement, a line each

MAILBOX holds agency.json, mail/*.eml, messages.jsonl and threads.jsonl (see README.md beside this file).
`practiq` is the command on PATH, or what PRACTIQ names ("/path/python -m service", say).
Standard library only, so that it runs in any environment.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

CORE = {"brief", "approval"}  # the two that the service exists for


# ---------------------------------------------------------------- running the product
def config_of(agency: dict, folder: Path) -> str:
    """The product's TOML configuration for this mailbox, with an embedded database in `folder`."""
    q = json.dumps  # a JSON string is a TOML basic string
    out = [
        "[agency]",
        f"name = {q(agency['agency']['name'])}",
        f"domains = {q(agency['agency']['domains'])}",
        "",
        "[inbox]",
        f"address = {q(agency['inbox'])}",
        "",
        "[database]",
        f"url = {q('sqlite:///' + str(folder / 'practiq.db'))}",
        "",
    ]
    for am in agency["account_managers"]:
        out += ["[[account_managers]]", *(f"{k} = {q(am[k])}" for k in ("name", "email", "timezone")), ""]
    for ws in agency["workspaces"]:
        out += [
            "[[workspaces]]",
            *(
                f"{k} = {q(ws[k])}"
                for k in ("name", "domains", "aliases", "contacts", "account_manager")
                if ws.get(k)
            ),
            "",
        ]
    return "\n".join(out)


def run_product(mailbox: Path, agency: dict) -> tuple[list[dict], list[dict]]:
    practiq = shlex.split(os.environ.get("PRACTIQ", "practiq"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text(config_of(agency, folder))

        def call(*words: str) -> list[dict]:
            done = subprocess.run([*practiq, "--config", str(config), *words], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"practiq {' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
            return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

        call("ingest", str(mailbox / "mail"))
        return call("messages", "--json"), call("threads", "--json", "--at", agency["now"])


# ---------------------------------------------------------------- scoring
@dataclass
class Tally:
    hit: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.extra) if self.hit + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def f1(self) -> float:
        return (
            2 * self.hit / (2 * self.hit + self.extra + self.missed)
            if self.hit + self.extra + self.missed
            else 1.0
        )

    def row(self) -> dict:
        return {
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            "f1": round(self.f1, 3),
            "labelled": self.hit + self.missed,
        }


@dataclass
class Share:
    right: int = 0
    of: int = 0

    def add(self, ok: bool) -> None:
        self.right += ok
        self.of += 1

    def row(self) -> dict:
        return {"share": round(self.right / self.of, 3) if self.of else 1.0, "of": self.of}


def words(text: object) -> Counter:
    return Counter(re.findall(r"\w+", json.dumps(text, ensure_ascii=False).lower()))


def overlap(a: object, b: object) -> float:
    """F1 of the words that two values share, 0 to 1."""
    x, y = words(a), words(b)
    both = sum((x & y).values())
    return 2 * both / (sum(x.values()) + sum(y.values())) if x and y else float(not x and not y)


def flat(text: str) -> str:
    return " ".join((text or "").split())


def kind_of(signal: dict) -> str:
    return signal["kind"] + (f"/{signal['status']}" if signal["kind"] == "approval" else "")


@dataclass
class Score:
    kinds: dict[str, Tally] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def share(self, name: str, ok: bool, note: str = "") -> None:
        self.shares.setdefault(name, Share()).add(ok)
        if not ok:
            self.wrong.append(f"{name}: {note}")


def score_messages(score: Score, labels: list[dict], said: dict[str, dict]) -> None:
    automated = score.tallies.setdefault("automated", Tally())
    for label in {m["message_id"]: m for m in labels}.values():
        name, got = label["file"], said.get(label["message_id"])
        score.share("read at all", got is not None, name)
        if got is None:
            got = {"signals": [], "automated": None, "workspace": None, "text": "", "brief": None}
        count(automated, bool(label["automated"]), bool(got["automated"]))
        score.share(
            "workspace of message",
            label["workspace"] == got["workspace"],
            f"{name} is {label['workspace']!r}, said {got['workspace']!r}",
        )
        if label["workspace"] != got["workspace"] and got["workspace"]:
            score.wrong.append(f"WRONG CLIENT: {name} is {label['workspace']!r}, said {got['workspace']!r}")
        score.share("workspace never wrong", got["workspace"] in (None, label["workspace"]), name)
        if not label["automated"]:
            score.share(
                "new text exact",
                flat(label["new_text"]) == flat(got.get("text")),
                f"{name}: {flat(got.get('text'))[:80]!r}",
            )
            score.share("new text within 10%", overlap(label["new_text"], got.get("text") or "") >= 0.9, name)

        want = {kind_of(s): s for s in label["signals"]}
        have = {kind_of(s): s for s in got["signals"]}
        for kind in want.keys() | have.keys():
            tally = score.kinds.setdefault(kind, Tally())
            count(tally, kind in want, kind in have)
            if (kind in want) != (kind in have):
                side, quote = (
                    ("missed", want[kind]["quote"])
                    if kind in want
                    else ("false", have[kind].get("quote", ""))
                )
                score.wrong.append(f"{side} {kind}: {name}: {flat(quote)[:100]!r}")
            elif want[kind].get("due"):
                score.share(
                    "due date",
                    str(have[kind].get("due") or "")[:10] == want[kind]["due"][:10],
                    f"{name} {kind}: {want[kind]['due']} said {have[kind].get('due')}",
                )
            if kind in want and kind in have and kind.split("/")[0] in CORE:
                a, b = flat(want[kind]["quote"]), flat(have[kind].get("quote", ""))
                score.share(
                    "evidence",
                    bool(a and b) and (a in b or b in a or overlap(a, b) >= 0.5),
                    f"{name} {kind}: {b[:80]!r}",
                )
        if label.get("brief") and got.get("brief"):
            for key, value in label["brief"].items():
                if value:
                    ok = (
                        str(got["brief"].get(key) or "")[:10] == str(value)[:10]
                        if key == "deadline"
                        else overlap(value, got["brief"].get(key) or "") >= 0.5
                    )
                    score.share("brief fields", ok, f"{name} {key}: {value!r} said {got['brief'].get(key)!r}")


def count(tally: Tally, wanted: bool, had: bool) -> None:
    tally.hit += wanted and had
    tally.extra += had and not wanted
    tally.missed += wanted and not had


def score_threads(score: Score, labels: list[dict], said: list[dict]) -> None:
    home = {mid: thread for thread in said for mid in thread["message_ids"]}
    pairs = score.tallies.setdefault("grouping (pairs)", Tally())
    truth = {mid: t["thread"] for t in labels for mid in t["message_ids"]}
    ids = sorted(truth)
    for i, a in enumerate(ids):
        for b in ids[i + 1 :]:
            count(pairs, truth[a] == truth[b], a in home and b in home and home[a] is home[b])

    needs = score.tallies.setdefault("needs action", Tally())
    for label in labels:
        homes = Counter(id(home[m]) for m in label["message_ids"] if m in home)
        got = next((t for t in said if homes and id(t) == homes.most_common(1)[0][0]), None) or {
            "workspace": None,
            "waiting_on": None,
            "action": "none",
        }
        name = label["thread"]
        score.share(
            "thread whole", len(homes) == 1 and set(got["message_ids"]) == set(label["message_ids"]), name
        )
        score.share(
            "workspace of thread",
            label["workspace"] == got["workspace"],
            f"{name} is {label['workspace']!r}, said {got['workspace']!r}",
        )
        score.share(
            "waiting on",
            label["waiting_on"] == got["waiting_on"],
            f"{name} is {label['waiting_on']}, said {got['waiting_on']}",
        )
        score.share(
            "action", label["action"] == got["action"], f"{name} is {label['action']}, said {got['action']}"
        )
        count(needs, label["action"] != "none", got["action"] != "none")


def pooled(score: Score, only: set[str] | None = None) -> Tally:
    chosen = [t for k, t in score.kinds.items() if only is None or k.split("/")[0] in only]
    return Tally(sum(t.hit for t in chosen), sum(t.extra for t in chosen), sum(t.missed for t in chosen))


def report(score: Score) -> dict:
    return {
        "brief and approval": pooled(score, CORE).row(),
        "all signals": pooled(score).row(),
        **{k: t.row() for k, t in score.tallies.items()},
        **{k: s.row() for k, s in score.shares.items()},
        **{f"signal {k}": t.row() for k, t in sorted(score.kinds.items())},
    }


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("mailbox", type=Path)
    ask.add_argument("--said", type=Path, help="a folder with the product's messages.jsonl and threads.jsonl")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--wrong", action="store_true")
    args = ask.parse_args()

    agency = json.loads((args.mailbox / "agency.json").read_text())
    if args.said:
        messages, threads = lines(args.said / "messages.jsonl"), lines(args.said / "threads.jsonl")
    else:
        messages, threads = run_product(args.mailbox, agency)

    score = Score()
    score_messages(score, lines(args.mailbox / "messages.jsonl"), {m["message_id"]: m for m in messages})
    score_threads(score, lines(args.mailbox / "threads.jsonl"), threads)
    figures = report(score)
    if args.json:
        print(json.dumps(figures, indent=1))
        return
    for name, row in figures.items():
        print(f"{name:26}", "  ".join(f"{k} {v}" for k, v in row.items()))
    if args.wrong:
        print(*score.wrong, sep="\n")


if __name__ == "__main__":
    main()
