"""
The database in one file, and back in place from it (promises.md P25).

That file is SQLite's, whatever the engine of the database: a backup of one may be restored to the other.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from service.app import TOKEN_KEY
from service.bulk import batched
from service.carried_rows import STEPS
from service.copies import (
    check_sound,
    copy_to,
    is_damage,
    look_at,
    make_single,
    name_aside,
    put_in_place,
    room_beside,
    set_aside,
    writing,
)
from service.copying import copied_in, copy_out
from service.door import Door
from service.errors import ConfigError, StoreError
from service.forget_rows import erase_kept, list_places
from service.kept_rows import find_kept, unread_all
from service.lease import at_work, take_turn
from service.message_rows import forget_readings
from service.migrations import HEAD
from service.places import Place, place_of
from service.store import Store, find_setting

_ERASED = STEPS[0][0]  # new marks of it: the backup holds what has to be erased again


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """A backup that was made."""

    size_bytes: int
    messages: int  # mails that are kept, read or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore came to."""

    messages: int
    beside: Path | None  # where what was there lies now; None where nothing was
    carried: dict[str, int]  # what was taken over from it, by what it is
    erased: int  # mails that had been erased since the backup was made
    unknown: tuple[str, ...]  # what of it could not be read


def back_up(url: str, file: Path) -> BackUp:
    """
    Have this file hold the database as it is now, whoever is at work on it meanwhile.

    It is one file, its owner's alone, and sound: it takes the place of an earlier backup only then. What
    was deleted is not in it. Raises StoreError where that cannot be done, ConfigError for a file that is
    no backup.
    """
    place = place_of(url)
    path = place.path
    if path and not path.exists():
        raise StoreError(f"There is no database {path}.", hint="Check [database] url; nothing was written.")
    if file.is_dir() or (file.exists() and (_is_same(file, path) or look_at(file) is None)):
        raise ConfigError(f"{file} is there, and no backup.", hint="Name a new file, or an earlier backup.")
    with room_beside(file) as part:
        if path:
            copy_to(path, part)
        else:
            copy_out(place, part)
        found = check_sound(part)
        size_bytes = part.stat().st_size
        put_in_place(part, file)
    return BackUp(size_bytes=size_bytes, messages=found.messages)


def restore(url: str, file: Path, *, now: datetime, despite_damage: bool = False) -> Restored:
    """
    Put a backup in the place of the database, while nobody is at work on it; what was there is kept beside.

    What cannot be undone is taken over from that: what was sent does not go out again, what was erased
    is erased in the backup's mail too, and mail that came since is read again. Raises AtWork;
    StoreError for a file that is no backup or of a newer version, and where what is there cannot
    be read, but `despite_damage`. Until all is well nothing is changed.
    """
    place = place_of(url)
    path = place.path
    if file.exists() and _is_same(file, path):
        raise ConfigError(f"{file} is the database itself.", hint="Name a backup.")
    if (found := look_at(file)) is None:
        raise StoreError(f"{file} is no backup of practiq's.", hint="Nothing was changed.")
    if found.version > HEAD:
        raise StoreError(
            f"{file} is of a version that this practiq does not know.",
            hint="Install the practiq that made it, or a newer one; nothing was changed.",
        )
    if path:
        return _put_file(place, path, file, now, despite_damage)
    return _put_rows(place, file, now)


def _is_same(file: Path, path: Path | None) -> bool:
    return path is not None and path.exists() and file.samefile(path)


def _put_file(place: Place, path: Path, file: Path, now: datetime, despite_damage: bool) -> Restored:
    with closing(take_turn(place)), room_beside(path) as part:
        lock = _lock_of(path)
        made = _make(part, file, path, place)
        if made.unknown and not despite_damage:
            raise _damaged(place, made.unknown)
        if _lock_of(path) != lock:
            raise at_work(place)  # who stood by has taken us for hung: what it did since is not in the copy
        beside = set_aside(path, now) if path.exists() else None
        put_in_place(part, path)
    return replace(made, beside=beside)


def _put_rows(place: Place, file: Path, now: datetime) -> Restored:
    """What is there is a file, too, while the backup is made what it has to be; only then the rows are put in place."""
    place.make()
    with (
        closing(Store(place, writes=True)) as store,
        store.alone(),
        room_beside(file, "present") as present,
        room_beside(file) as part,
    ):
        copy_out(place, present)
        made = _make(part, file, present, place)
        beside = None if check_sound(present).is_unused else name_aside(file, now)
        with copied_in(part, place) as session:
            store.keep_turn(session)
            if beside:
                put_in_place(present, beside)
    return replace(made, beside=beside)


def _make(part: Path, file: Path, present: Path, place: Place) -> Restored:
    """Have a file hold the backup, of this version, with what it has to take over from the database that is there."""
    copy_to(file, part)
    with writing(part):
        pass  # it is of this version now
    carried, unknown = _carry_over(present, part, place)
    erased = _erase_again(part) if carried.get(_ERASED) else 0
    make_single(part)
    found = check_sound(part)
    return Restored(
        messages=found.messages, beside=None, carried=carried, erased=erased, unknown=tuple(unknown)
    )


def _lock_of(path: Path) -> int:
    """Which file says whose turn it is: another one, once the turn was taken away (lease.py)."""
    return path.with_name(f"{path.name}.lock").stat().st_ino


# ---------------------------------------------------------------- what is taken over


def _carry_over(path: Path, part: Path, place: Place) -> tuple[dict[str, int], list[str]]:
    """How much of each was taken over from the database there, and what of it could not be read."""
    if not path.exists() or not path.stat().st_size:
        return {}, []
    all_of_it = [name for name, _ in STEPS]
    try:
        there = look_at(path)
        if there is None:
            return {}, all_of_it
        if there.is_unused:
            return {}, []
        if there.token_key != check_sound(part).token_key:
            raise ConfigError(
                f"The database {place} is another installation's than the backup.",
                hint="Move it away if the backup is to take its place; its mail is not mixed with another's.",
            )
        if there.version >= HEAD:
            return _carry(path, part, is_newer=there.version > HEAD)
        with room_beside(path, "older") as copy:
            copy_to(path, copy)
            with writing(copy):
                pass
            return _carry(copy, part)
    except StoreError as error:
        if not is_damage(error.__cause__):
            raise
        return {}, all_of_it


def _carry(source: Path, part: Path, *, is_newer: bool = False) -> tuple[dict[str, int], list[str]]:
    carried: dict[str, int] = {}
    unknown: list[str] = []
    with writing(part, beside=source) as session:
        for what, step in STEPS:
            try:
                with session.begin_nested():
                    carried[what] = step(session)
            except DBAPIError as error:
                if not (is_newer or is_damage(error)):  # a later version's tables may be others
                    raise
                unknown.append(what)
    return carried, unknown


def _damaged(place: Place, unknown: tuple[str, ...]) -> StoreError:
    return StoreError(
        f"What lies in {place} since the backup was made cannot be read: {', '.join(unknown)}.",
        hint="With --despite-damage the backup takes its place all the same; a digest of today may then go"
        " out twice, and what was erased since has to be erased again.",
    )


def _erase_again(part: Path) -> int:
    """Erase the mail of a backup that was erased since; what was read is then read anew, without it."""
    erased = 0
    with writing(part) as session:
        door = Door(ignores=frozenset(), key=bytes.fromhex(find_setting(session, TOKEN_KEY) or ""))
        for some in batched([one.kept for one in list_places(session)]):
            # One at a time: a mail may be megabytes.
            gone = [one for one in some if door.admitted(session, [find_kept(session, one).raw]) == [False]]
            erased += erase_kept(session, gone)
        if erased:
            forget_readings(session, None)
            unread_all(session, None)
    return erased
