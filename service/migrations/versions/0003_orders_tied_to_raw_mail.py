"""What account managers ordered, tied to the raw mail: a message read anew may have another identity."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Both tables made anew, their rows carried over; a row whose message is not held stands for nothing."""
    op.execute("CREATE TABLE old_marks AS SELECT * FROM marks")
    op.execute("CREATE TABLE old_digest_items AS SELECT * FROM digest_items")
    op.drop_index(op.f("ix_marks_identity"), table_name="marks")
    op.drop_table("marks")
    op.drop_table("digest_items")
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_marks_kept")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_kept"), "marks", ["kept"], unique=False)
    op.create_table(
        "digest_items",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_digest_items_kept")),
        sa.ForeignKeyConstraint(["token"], ["digests.token"], name=op.f("fk_digest_items_token")),
        sa.PrimaryKeyConstraint("token", "number", name=op.f("pk_digest_items")),
    )
    op.execute(
        "INSERT INTO marks (id, kept, kind, until, made_at, manager)"
        " SELECT o.id, m.kept, o.kind, o.until, o.made_at, o.manager"
        " FROM old_marks o JOIN messages m ON m.identity = o.identity"
    )
    op.execute(
        "INSERT INTO digest_items (token, number, kept) SELECT o.token, o.number, m.kept"
        " FROM old_digest_items o JOIN messages m ON m.identity = o.identity"
    )
    op.drop_table("old_marks")
    op.drop_table("old_digest_items")
