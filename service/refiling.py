"""Mail filed again where the clients are others than when it was filed."""

from __future__ import annotations

from service.app import App
from service.clients_waiting import take_in
from service.filing import claims_of_each, knowing, matches_of
from service.ledgers import renew_ledgers
from service.logs import Log
from service.message_rows import list_messages
from service.reading import settle
from service.store import find_setting, record_setting
from service.thread_rows import find_thread, list_owners, list_threads

_CLIENTS = "clients"  # the setting that says by which clients the mail was filed

log = Log(__name__)


def refile(app: App) -> int:
    """
    Bring all mail to the clients as they are by now, once after these changed; give how many threads moved.

    A new domain, alias or contact finds the mail that came before it, too. Each thread is a transaction;
    a crash begins again, with the same result.
    """
    take_in(app)
    clients = app.office.workspaces.index.fingerprint
    with app.store.transaction() as session:
        before = find_setting(session, _CLIENTS)
        if before == clients:
            return 0
        threads = [one.id for one in list_threads(session)] if before else []
    moved = 0
    for thread in threads:
        with app.store.transaction() as session:
            if thread not in list_owners(session, [thread]):
                continue  # it became part of another
            office = knowing(session, app.office)
            records = list_messages(session, thread)
            claims = claims_of_each(session, records, office)
            touched = {one.identity for one in records if one.claims != claims[one.identity]}
            held = find_thread(session, thread)
            if (
                touched
                or held is None
                or matches_of(session, {thread: records}, office)[thread] != held.match
            ):
                moved += bool(settle(session, touched or {records[0].identity}, office))
            else:  # who speaks for the client may be others
                renew_ledgers(session, [thread], office)
    with app.store.transaction() as session:
        record_setting(session, _CLIENTS, clients)
    if threads:
        log.info("filed again", threads=len(threads), moved=moved)
    return moved
