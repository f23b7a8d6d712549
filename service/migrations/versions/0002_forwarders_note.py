"""What a forwarder wrote above the mail inside; `practiq reread` finds it in mail that was read before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A column more; the rows stay."""
    op.add_column("messages", sa.Column("note", sa.String(), nullable=False, server_default=""))
