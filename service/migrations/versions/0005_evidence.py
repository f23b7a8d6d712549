"""
Whose a thread is, and why; what a person said of that, and what was learned from it.

What was read is thrown away, and read again from the kept mail at the next start: threads are put
together otherwise than before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The tables of what was read made anew and empty; every mark kept, each as an order of its own."""
    for table in ("message_references", "messages", "threads"):
        op.drop_table(table)
    op.execute("UPDATE kept SET state = 'unread', identity = NULL, fault = NULL")
    _create_what_is_read()
    op.execute("CREATE TABLE old_marks AS SELECT * FROM marks")
    op.drop_table("marks")
    _create_what_is_said()
    op.execute('INSERT INTO orders (id, "by", made_at) SELECT id, manager, made_at FROM old_marks')
    op.execute(
        'INSERT INTO marks (id, "order", kept, kind, until, made_at, manager)'
        " SELECT id, id, kept, kind, until, made_at, manager FROM old_marks"
    )
    op.drop_table("old_marks")


def _create_what_is_read() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("rests_on", sa.String(), nullable=True),
        sa.Column("rivals", sa.JSON(), nullable=False),
        sa.Column("proved", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_workspace"), "threads", ["workspace"], unique=False)
    op.create_table(
        "messages",
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("message_id_field", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("cc", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("own", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("forwarded", sa.Boolean(), nullable=False),
        sa.Column("automated", sa.String(), nullable=True),
        sa.Column("automated_because", sa.String(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=True),
        sa.Column("leaves", sa.String(), nullable=True),
        sa.Column("base_subject", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("quotes", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("tags_are_ours", sa.Boolean(), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("continues", sa.String(), nullable=True),
        sa.Column("apart_from", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_messages_kept")),
        sa.ForeignKeyConstraint(["thread"], ["threads.id"], name=op.f("fk_messages_thread")),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_base_subject"), "messages", ["base_subject"], unique=False)
    op.create_index(op.f("ix_messages_continues"), "messages", ["continues"], unique=False)
    op.create_index(op.f("ix_messages_conversation"), "messages", ["conversation"], unique=False)
    op.create_index(op.f("ix_messages_kept"), "messages", ["kept"], unique=False)
    op.create_index(op.f("ix_messages_message_id"), "messages", ["message_id"], unique=False)
    op.create_index(op.f("ix_messages_thread"), "messages", ["thread"], unique=False)
    op.create_table(
        "message_references",
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity"], ["messages.identity"], name=op.f("fk_message_references_identity")
        ),
        sa.PrimaryKeyConstraint("identity", "message_id", name=op.f("pk_message_references")),
    )
    op.create_index(
        op.f("ix_message_references_message_id"), "message_references", ["message_id"], unique=False
    )
    op.create_table(
        "participants",
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("is_author", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["identity"], ["messages.identity"], name=op.f("fk_participants_identity")),
        sa.PrimaryKeyConstraint("identity", "address", name=op.f("pk_participants")),
    )
    op.create_index(op.f("ix_participants_address"), "participants", ["address"], unique=False)
    op.create_index(op.f("ix_participants_domain"), "participants", ["domain"], unique=False)


def _create_what_is_said() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_by"), "orders", ["by"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_assignments_kept")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_assignments_order")),
        sa.PrimaryKeyConstraint("order", "kept", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_kept"), "assignments", ["kept"], unique=False)
    op.create_table(
        "learned",
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_learned_order")),
        sa.PrimaryKeyConstraint("order", "value", name=op.f("pk_learned")),
    )
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_marks_kept")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_marks_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_kept"), "marks", ["kept"], unique=False)
    op.create_index(op.f("ix_marks_order"), "marks", ["order"], unique=False)
