"""What a poll asks for is found by an index, and what was understood is known again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Indexes of what is not given, not worked out, and of subjects in their time; from what meaning follows."""
    op.add_column("messages", sa.Column("understood", sa.String(), server_default="", nullable=False))
    op.create_index(
        "ix_positions_not_given",
        "positions",
        ["mailbox", "uidvalidity", "uid"],
        sqlite_where=sa.text("kept IS NULL AND unwanted = 0"),
        postgresql_where=sa.text("kept IS NULL AND NOT unwanted"),
    )
    unknown = sa.text("newest IS NULL")
    op.create_index("ix_threads_unknown", "threads", ["id"], sqlite_where=unknown, postgresql_where=unknown)
    op.drop_index("ix_messages_base_subject", "messages")
    op.create_index("ix_messages_base_subject_sent_at", "messages", ["base_subject", "sent_at"])
    # A yes of somebody whom nothing shows to be the client's is unsure now: what is open is worked out anew.
    op.execute("UPDATE threads SET newest = NULL, ledger = NULL, as_of = NULL")
