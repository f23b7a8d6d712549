"""
What is open on each thread, kept with it; what each number of a digest stood for, and when its reader
last heard of it; gifts, absences, handovers; in the audit, how things stood before and after.

What is open is worked out from what was read at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Columns and tables added; digests that were made keep their numbers."""
    with op.batch_alter_table("threads") as threads:
        threads.add_column(sa.Column("ledger", sa.JSON(), nullable=True))
        threads.add_column(sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False))
        threads.add_column(sa.Column("newest", sa.String(), nullable=True))
        threads.add_column(sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
        threads.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        threads.add_column(sa.Column("scoped_at", sa.DateTime(timezone=True), nullable=True))
        threads.add_column(sa.Column("scoped", sa.JSON(), server_default="[]", nullable=False))
    op.create_index(op.f("ix_threads_is_open"), "threads", ["is_open"], unique=False)
    op.create_index(op.f("ix_messages_received_at"), "messages", ["received_at"], unique=False)
    with op.batch_alter_table("marks") as marks:
        marks.add_column(sa.Column("to", sa.String(), nullable=True))
    with op.batch_alter_table("commands") as commands:
        commands.add_column(sa.Column("before", sa.JSON(), server_default="[]", nullable=False))
        commands.add_column(sa.Column("after", sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "quiet_days",
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("manager", "day", name=op.f("pk_quiet_days")),
    )
    _add_how_items_were_shown()
    op.create_table(
        "pauses",
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stand_in", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_pauses_order")),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_manager"), "pauses", ["manager"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("instead_of", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_handovers_order")),
        sa.PrimaryKeyConstraint("order", "workspace", name=op.f("pk_handovers")),
    )


def _add_how_items_were_shown() -> None:
    with op.batch_alter_table("digest_items") as items:
        items.add_column(sa.Column("action", sa.String(), nullable=True))
        items.add_column(sa.Column("about", sa.Integer(), nullable=True))
        items.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        items.create_foreign_key(op.f("fk_digest_items_about"), "kept", ["about"], ["id"])
    op.execute(
        "UPDATE digest_items SET told_at = (SELECT made_at FROM digests WHERE digests.token = digest_items.token)"
    )
    with op.batch_alter_table("digest_items") as items:
        items.alter_column("told_at", nullable=False)
