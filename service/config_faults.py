"""What is wrong with a configuration, in sentences that name the key and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from parsers.domains import is_free_mail
from service.accounts import is_loopback
from service.config_login import SECRETS, login_faults
from service.errors import ConfigError

if TYPE_CHECKING:
    from service.config import Config


def refuse_folder(path: Path) -> None:
    """Raise ConfigError where that is a folder: one of many agencies' configurations."""
    if path.is_dir():
        raise ConfigError(
            f"{path} is a folder, and this is for one agency.",
            hint="Name a file in it with --config; a folder is for `practiq worker` and `practiq status`.",
        )


def sentence(fault: ErrorDetails, model: type[BaseModel], tree: dict[str, Any]) -> str:
    """One fault that pydantic found, as `section.key: what would be right`."""
    loc = fault["loc"]
    where = _path(loc, tree)
    match fault["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(loc[-1]), _keys(model, loc[:-1]), n=1)
            return f"{where}: unknown key" + (f"; did you mean {near[0]}?" if near else "")
        case "missing":
            return f"{where}: is missing"
        case "string_pattern_mismatch" if loc[-1] == "schema_name":
            return f"{where}: must be small letters, digits and _, like northlight"
        case "string_pattern_mismatch" if loc[0] == "database":
            return f"{where}: must be like sqlite:///practiq.db or postgresql+psycopg://practiq@host/practiq"
        case "literal_error":
            return f"{where}: must be {fault['ctx']['expected']}, not {fault['input']!r}"
        case "value_error":
            return f"{where}: {fault['ctx']['error']}"
        case _ if loc[-1] in {"password", "client_secret"}:
            return f"{where}: must be a string"
        case _ if SECRETS & {*map(str, loc)}:
            return f"{where}: {_small(fault['msg'])}"
        case _ if isinstance(fault["input"], dict | list):  # a whole table, which may hold a password
            return f"{where}: {_small(fault['msg'])}"
        case _:
            return f"{where}: {_small(fault['msg'])}, not {fault['input']!r}"


def cross_faults(config: Config) -> list[str]:
    """What is wrong between keys that are each right by themselves."""
    clients = (f"workspaces[{name}].{words}" for name, words in client_faults(config))
    return [*_people_faults(config), *_doubles(config), *clients, *_server_faults(config)]


def _people_faults(config: Config) -> Iterator[str]:
    known = {one.email for one in config.account_managers}
    listed = ", ".join(sorted(known))
    for address, count in Counter(one.email for one in config.account_managers).items():
        if count > 1:
            yield f"account_managers: {address} stands there {count} times; once is right"
    default = config.agency.default_account_manager
    if default and default not in known:
        yield f"agency.default_account_manager: {default} is no account manager; there are {listed}"
    if config.inbox.address in known:
        yield f"inbox.address: {config.inbox.address} is an account manager's; the inbox needs its own"


def _doubles(config: Config) -> Iterator[str]:
    for name, count in Counter(one.name for one in config.workspaces).items():
        if count > 1:
            yield f"workspaces: {name} stands there {count} times; put both into one"


def client_faults(config: Config) -> Iterator[tuple[str, str]]:
    """
    What is wrong with each client beside the agency, its people and the clients before it: its name, and
    the key with what would be right.
    """
    managers = {one.email for one in config.account_managers}
    ours = config.agency_value()
    owners: dict[tuple[str, str], str] = {}
    for one in config.workspaces:
        if one.account_manager not in managers:
            near = get_close_matches(one.account_manager, managers, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(managers))}"
            yield one.name, f"account_manager: {one.account_manager} is no account manager; {hint}"
        for key in ("domains", "contacts"):
            for value in getattr(one, key):
                if (owner := owners.setdefault((key, value), one.name)) != one.name:
                    yield one.name, f"{key}: {value} is {owner}'s already"
        for domain in one.domains:
            if ours.owns(domain):
                yield one.name, f"domains: {domain} is the agency's own; remove it"
            elif is_free_mail(domain):
                yield (
                    one.name,
                    f"domains: {domain} is a mail provider that anybody may use; list the people as contacts",
                )


def _server_faults(config: Config) -> Iterator[str]:
    for name, server in (("imap", config.imap), ("smtp", config.smtp)):
        if server is None:
            continue
        if server.tls == "none" and not is_loopback(server.host):
            yield f"{name}.tls: none is for this machine only; {server.host} wants implicit or starttls"
        yield from login_faults(name, server)
    if config.imap and not config.imap.logs_in:
        yield "imap.password_file: is missing; name a file that holds the password"


def _path(loc: tuple[int | str, ...], tree: dict[str, Any]) -> str:
    """A key as a person finds it: an entry of a list by its name, or else by its number from 1."""
    said = ""
    at: Any = tree
    for step in loc:
        at = _inside(at, step)
        if isinstance(step, int):
            name = at.get("name") if isinstance(at, dict) else None
            said += f"[{name or step + 1}]"
        else:
            said += f".{step}" if said else step
    return said


def _inside(at: Any, step: int | str) -> Any:
    if isinstance(at, dict):
        return at.get(step)
    return at[step] if isinstance(at, list) and isinstance(step, int) and step < len(at) else None


def _keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at `loc` may have."""
    for step in loc:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = [one for one in _classes(field.annotation) if issubclass(one, BaseModel)] if field else []
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)


def _classes(annotation: Any) -> list[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        return [annotation]
    return [found for one in get_args(annotation) for found in _classes(one)]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
