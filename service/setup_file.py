"""A configuration as `practiq init` writes it: with what was said, and what else there is in comments."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parsers.providers import LogIn, Provider, Server
from service.config import load
from service.errors import PractiqError
from service.setup_questions import Answers

_SECRET, _OPEN = 0o600, 0o644
_IN_URLS = re.compile(r"[\w./-]+", re.ASCII)  # what means itself in a database's URL

_HEAD = """\
# practiq's configuration, written by `practiq init`. config.example.toml has every key, with its default and what it is for.
# After a change: `practiq check`. The environment overrides each key: PRACTIQ_SMTP__HOST is [smtp] host.
"""
_DIGEST = """\
[digest]
# at = "08:00"                      # each account manager's own local time
# days = ["mon", "tue", "wed", "thu", "fri"]
# holidays = "US"                   # no digest on public holidays of that country ("DE-BY": of that region)
"""
_CLIENTS = """\
# The clients: `practiq clients import FILE.csv` takes them from a spreadsheet into the database, `practiq clients add`
# adds one. They may stand here as well, and what stands here decides:
# [[workspaces]]
# name = "Acme Corp"
# domains = ["acme.example"]
# account_manager = "maya@northlight.example"
"""
_MICROSOFT = """\
# Microsoft 365 takes no passwords. Register practiq there once, as docs/microsoft365.md says: `practiq auth microsoft` goes
# through it with you, and prints the tables that belong here in place of these lines.
"""
_TRUST = """\
# [authentication]                  # whose word to take on who wrote a mail; without it replies are not obeyed
# trust = "mx.example"              # what your own server writes first in the Authentication-Results of mail that came in
"""


def text_of(answers: Answers, *, folder: Path, password_file: Path) -> str:
    """The configuration, commented; secrets are in `password_file`, and the database lies in `folder`."""
    tree, provider = answers.tree, answers.provider
    agency = tree["agency"]
    parts = [
        _HEAD,
        "[agency]\n"
        + _key("name", agency["name"])
        + _key("domains", agency["domains"], 'whoever writes from here is "us"')
        + f"# default_account_manager = {_value(tree['account_managers'][0]['email'])}   # who gets what belongs to nobody\n",
        "[inbox]                             # the shared inbox that people CC\n"
        + _key("address", tree["inbox"]["address"]),
        *_servers(provider, password_file),
        "[database]                          # where practiq keeps what it read: it must be able to write to that folder\n"
        + _key("url", _url(folder)),
        _trust(provider),
        _DIGEST,
        *map(_manager, tree["account_managers"]),
        _CLIENTS,
    ]
    return "\n".join(parts)


def _servers(provider: Provider, password_file: Path) -> Iterator[str]:
    if provider.log_in is LogIn.MICROSOFT:
        yield _MICROSOFT
    for name, server, what in (
        ("imap", provider.imap, "where to read the inbox"),
        ("smtp", provider.smtp, "how to send the digests"),
    ):
        text = f"[{name}]".ljust(36) + f"# {what}: {provider.name}\n" + _server(server)
        if provider.log_in is LogIn.MICROSOFT:
            if name == "imap":  # and for [smtp], which says no log-in of its own
                text += '[imap.oauth2]\nprovider = "microsoft"\ntenant = "…"\nclient_id = "…"\n'
                text += f"client_secret_file = {_value(str(password_file.with_suffix('.secret')))}\n"
            yield re.sub(r"(?m)^", "# ", text.rstrip("\n")) + "\n"
        else:
            comment = "one that was made for a program" if provider.log_in is LogIn.PROGRAM else ""
            yield text + _key("password_file", str(password_file), comment)


def _server(server: Server) -> str:
    tls = "only towards this machine" if server.tls == "none" else ""
    return _key("host", server.host) + _key("port", server.port) + _key("tls", server.tls, tls)


def _trust(provider: Provider) -> str:
    if provider.trust is None:
        return _TRUST
    head = "[authentication]                    # whose word to take on who wrote a mail; without it replies are not obeyed\n"
    return head + _key("trust", provider.trust)


def _manager(one: dict[str, Any]) -> str:
    keys = "".join(_key(key, one[key]) for key in ("name", "email", "timezone"))
    return f'[[account_managers]]\n{keys}# digest_at = "07:30"               # in place of [digest] at\n'


def _url(folder: Path) -> str:
    """Beside the configuration, wherever practiq is started; where that cannot be said in a URL, where it is started."""
    whole = str(folder.absolute() / "practiq.db")
    return f"sqlite:///{whole}" if _IN_URLS.fullmatch(whole) else "sqlite:///practiq.db"


def _key(name: str, value: Any, comment: str = "") -> str:
    said = f"{name} = {_value(value)}"
    return f"{said:<34}  # {comment}\n" if comment else f"{said}\n"


def _value(value: Any) -> str:
    """As TOML writes it, which is JSON for text without control characters, numbers and lists of them."""
    return json.dumps(value, ensure_ascii=False)


def write(path: Path, text: str, *, password_file: Path, password: str) -> None:
    """
    Write the configuration, and the password, "" for none, into a file that its owner alone may read.

    Both at once, or nothing; PractiqError where they cannot be written.
    """
    files = [(password_file, f"{password}\n", _SECRET)] if password else []
    files.append((path, text, _OPEN))
    try:
        for file, words, mode in files:
            _write_beside(file, words, mode)
        load(_beside(path), {})
        for file, _, _ in files:
            _beside(file).replace(file)
    except OSError as error:
        raise PractiqError(
            f"{path} cannot be written: {error.strerror}.", hint="Name another place with --config."
        ) from error
    finally:
        for file, _, _ in files:
            _beside(file).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _write_beside(path: Path, text: str, mode: int) -> None:
    made = _beside(path)
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w", encoding="utf-8") as out:
        out.write(text)
