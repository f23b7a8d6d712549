"""Many agencies, each with a configuration in one folder, which is looked at again while workers are at work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from service.config import Config, load
from service.errors import ConfigError
from service.logs import Log
from service.places import POSTGRESQL

log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A configuration as it was read last."""

    stamp: tuple[int, ...]  # of its file, which is other once that is changed
    config: Config
    server: URL  # without a password
    schema: str


class Agencies:
    """
    The agencies that workers look after, each by the name of its file.

    A file that is at fault stops no other: that is told once, and its agency goes on with the last
    configuration that was good, if it had one.
    """

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        """Those of this folder, or of one file; ConfigError where not one of them is good."""
        self._path = path
        self._environ = environ
        self._held: dict[str, _Read] = {}
        self._told: dict[str, str] = {}
        self._server: URL | None = None
        faults = self.renew()
        if not self._held:
            raise next(iter(faults.values()))

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return iter(self._held)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._held)

    def find(self, name: str) -> Config | None:
        """The configuration of one of them; None where there is none of this name."""
        found = self._held.get(name)
        return found.config if found else None

    @property
    def server(self) -> URL | None:
        """The database that all have their schemas in, without a password."""
        return self._server

    def address(self, schema: str) -> str:
        """The URL of a schema in that database; ConfigError where the password's file cannot be read."""
        config = next(one.config for one in self._held.values() if one.server == self._server)
        url = make_url(config.database.address()).update_query_dict({"schema": schema})
        return url.render_as_string(hide_password=False)

    def renew(self) -> dict[str, ConfigError]:
        """
        Look at the folder again; give what is wrong, by agency.

        A folder that is gone, or has nothing right in it, takes nothing from anybody: a disk that is away looks so.
        """
        read, faults = self._read()
        held = self._fitting(read, faults) if read else self._held
        told = {name: " ".join(str(error).split()) for name, error in faults.items()}
        for name, words in told.items():
            if self._told.get(name) != words:
                meanwhile = "goes on with its last good one" if name in held else "waits"
                log.warning("configuration not taken", agency=name, reason=words, meanwhile=meanwhile)
        for name in held.keys() | self._held.keys():
            if held.get(name) is not self._held.get(name):
                log.info("configuration taken" if name in held else "agency removed", agency=name)
        self._told, self._held = told, held
        return faults

    def _read(self) -> tuple[dict[str, _Read], dict[str, ConfigError]]:
        """The files that are good by themselves, and what is wrong with the others."""
        read: dict[str, _Read] = {}
        faults: dict[str, ConfigError] = {}
        try:
            files = configurations(self._path)
        except ConfigError as error:
            return {}, {self._path.stem: error}
        for file in files:
            name = file.stem
            before = self._held.get(name)
            try:
                stamp = _stamp(file)
                read[name] = (
                    before if before and before.stamp == stamp else _loaded(file, stamp, self._environ)
                )
            except ConfigError as error:
                faults[name] = error
        return read, faults

    def _fitting(self, read: Mapping[str, _Read], faults: dict[str, ConfigError]) -> dict[str, _Read]:
        """Of each agency what goes together with the others: what its file says now, or else what it said before."""
        servers = [one.server for one in read.values()]
        if self._server not in servers:
            self._server = servers[0]
        held: dict[str, _Read] = {}
        # Who was there keeps its place from a copy of its file that is not yet changed.
        for name in sorted(read.keys() | faults.keys(), key=lambda one: (one not in self._held, one)):
            for one in (read.get(name), self._held.get(name)):
                if one is None:
                    continue
                if (error := self._misfit(name, one, held)) is None:
                    held[name] = one
                    break
                faults.setdefault(name, error)
        return held

    def _misfit(self, name: str, one: _Read, held: Mapping[str, _Read]) -> ConfigError | None:
        if one.server != self._server:
            return ConfigError(
                f"{name} has another database than the others.",
                hint="Workers share one: give each agency a schema of its own in it ([database] schema_name).",
            )
        for other, its in held.items():
            if its.schema == one.schema:
                return ConfigError(
                    f"{name} has the same database and schema as {other}.",
                    hint="Give each agency a schema of its own: [database] schema_name.",
                )
        return None


def configurations(path: Path) -> list[Path]:
    """The configurations in a folder, by name, or the one that is named itself; ConfigError where a folder has none."""
    if not path.is_dir():
        return [path]
    files = sorted(one for one in path.glob("*.toml") if not one.name.startswith("."))
    if not files:
        raise ConfigError(f"{path} has no configuration in it.", hint="Put one there: agency.toml.")
    return files


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:  # to read it says why
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _loaded(file: Path, stamp: tuple[int, ...], environ: Mapping[str, str]) -> _Read:
    config = load(file, environ)
    if not config.database.url.startswith(POSTGRESQL):
        raise ConfigError(
            f"{file}: workers need PostgreSQL.",
            hint="Write [database] url like postgresql+psycopg://practiq@db.example/practiq.",
        )
    url = make_url(config.database.address())
    return _Read(
        stamp=stamp,
        config=config,
        server=url.difference_update_query(["schema"])._replace(password=None),
        schema=str(url.query.get("schema", "")),
    )
