from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.offline.rules import Kind, Outcome

MESSAGE_LENGTH = 500


class SyncReceipt(Base):
    """The one answer to a command, written in the transaction that carried it out.

    Its key is what keeps a command from being carried out twice: of two sendings at once, the
    second finds the row and is undone as a whole.
    """

    __tablename__ = "sync_receipt"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        # The oldest are removed; all else is looked up by the key.
        Index("ix_sync_receipt_area_id_received_at", "area_id", "received_at"),
    )

    #: That of the owner.
    area_id: Mapped[int] = mapped_column(
        ForeignKey("area.id"), primary_key=True, autoincrement=False
    )
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    #: The command's.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    device_id: Mapped[uuid.UUID]
    seq: Mapped[int] = mapped_column(Integer)
    #: Of the whole command: another one with the same id is told apart.
    digest: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Outcome]
    #: In the words of the person's language.
    message: Mapped[str] = mapped_column(String(MESSAGE_LENGTH), default="")
    #: What the phone goes on with: `version` of a meeting, families `left_out`, ...
    details: Mapped[dict[str, Any]]
    #: By the phone's clock.
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]


append_only(SyncReceipt)


class RescueFile(Base):
    """Commands in a file from a phone that cannot send them, waiting for their owner to look at
    them and send them. Sealed in the row itself, so that any application server can send what
    another one was given; emptied once they are sent, or nobody has (`WAITING`).
    """

    __tablename__ = "rescue_file"
    __table_args__ = table(
        TableKind.LOCAL, Index("ix_rescue_file_owner_id_brought_at", "owner_id", "brought_at")
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID]
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    #: Of the whole file; the id is made of it and the owner.
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: How many of hers are in it.
    commands: Mapped[int] = mapped_column(Integer)
    #: Zero for the command line.
    brought_by: Mapped[uuid.UUID]
    brought_by_name: Mapped[str] = mapped_column(String(120))
    brought_at: Mapped[datetime]
    #: When each of hers had its answer; null: some wait.
    sent_at: Mapped[datetime | None]
