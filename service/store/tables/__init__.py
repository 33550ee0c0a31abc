"""All tables in one place, so that metadata is complete wherever it is needed (engine, migrations, tests).

Tables of what is decided live beside their rules (`content`, `expert_db`); tables of what the shell keeps live here.
"""

from content.alarms import Alarm
from content.audit import AuditEntry
from content.cases import Case, CaseLink, Evidence
from content.delivery import Attempt, Delivery
from content.incidents import Incident, IncidentAct, IncidentCase
from content.pieces import Approval, Piece, PieceAct, Revision
from content.publications import Publication
from content.reach import Reach
from expert_db.ask_backs import AskBack
from expert_db.assignments import Answer, Assignment, Decision
from expert_db.experts import Expert
from expert_db.hand_overs import HandOver
from expert_db.notices import Notice
from service.store.tables.accounts import LoginSession, LoginTries, SetupLink, User
from service.store.tables.channels import Channel
from service.store.tables.editing import MachineDraft, SourceCopy
from service.store.tables.items import AssessmentRow, Item, PendingItem
from service.store.tables.learning import DeskLabel
from service.store.tables.misc import IdempotencyKey, Lease, Setting, Tip
from service.store.tables.sources import Source

APPEND_ONLY = (
    Evidence,
    Revision,
    PieceAct,
    Approval,
    Publication,
    Attempt,
    AuditEntry,
    Answer,
    Decision,
    IncidentAct,
    IncidentCase,
    DeskLabel,
)

__all__ = [
    "APPEND_ONLY",
    "Alarm",
    "Answer",
    "Approval",
    "AskBack",
    "AssessmentRow",
    "Assignment",
    "Attempt",
    "AuditEntry",
    "Case",
    "CaseLink",
    "Channel",
    "Decision",
    "Delivery",
    "DeskLabel",
    "Evidence",
    "Expert",
    "HandOver",
    "IdempotencyKey",
    "Incident",
    "IncidentAct",
    "IncidentCase",
    "Item",
    "Lease",
    "LoginSession",
    "LoginTries",
    "MachineDraft",
    "Notice",
    "PendingItem",
    "Piece",
    "PieceAct",
    "Publication",
    "Reach",
    "Revision",
    "Setting",
    "SetupLink",
    "Source",
    "SourceCopy",
    "Tip",
    "User",
]
