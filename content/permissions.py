"""Who may do what. One table of acts and roles; an act that is missing from it is nobody's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from content.errors import NotAllowed


class Role(StrEnum):
    EDITOR = "editor"  # 编辑
    ISSUER = "issuer"  # 签发
    EXPERT = "expert"  # 专家
    SYSADMIN = "sysadmin"  # 系统管理员
    SECADMIN = "secadmin"  # 安全管理员
    AUDITOR = "auditor"  # 审计员


EDITORIAL = frozenset({Role.EDITOR, Role.ISSUER, Role.EXPERT})
ADMINISTRATIVE = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with roles, or the service itself (no id, no roles)."""

    id: UUID | None
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    expert_id: UUID | None = None


SERVICE = Actor(id=None, name="service")

ACTS: dict[str, frozenset[Role]] = {
    "desk.read": frozenset({Role.EDITOR, Role.ISSUER}),
    "case.triage": frozenset({Role.EDITOR, Role.ISSUER}),
    "piece.write": frozenset({Role.EDITOR}),
    "piece.comment": frozenset({Role.EDITOR, Role.ISSUER}),
    "piece.approve": frozenset({Role.ISSUER}),
    "piece.publish": frozenset({Role.ISSUER, Role.EDITOR}),
    "piece.correct": frozenset({Role.EDITOR}),
    "piece.retract": frozenset({Role.ISSUER, Role.EDITOR}),
    "expert.read": frozenset({Role.EDITOR, Role.ISSUER}),
    "expert.edit": frozenset({Role.EDITOR}),
    "expert.reveal": frozenset({Role.EDITOR, Role.ISSUER}),
    "assignment.offer": frozenset({Role.EDITOR, Role.ISSUER}),
    "assignment.answer": frozenset({Role.EXPERT}),
    "delivery.resolve": frozenset({Role.EDITOR, Role.ISSUER}),
    "delivery.read": frozenset({Role.EDITOR, Role.ISSUER, Role.SYSADMIN}),
    "incident.propose": frozenset({Role.EDITOR, Role.ISSUER}),
    "incident.activate": frozenset({Role.ISSUER, Role.EDITOR}),
    "source.read": frozenset({Role.EDITOR, Role.ISSUER, Role.SYSADMIN}),
    "source.edit": frozenset({Role.EDITOR, Role.SYSADMIN}),
    "channel.read": frozenset({Role.EDITOR, Role.ISSUER, Role.SYSADMIN}),
    "channel.edit": frozenset({Role.SYSADMIN}),
    "clock.edit": frozenset({Role.SYSADMIN}),
    "setting.edit": frozenset({Role.SYSADMIN}),  # deadlines of experts, weights of matching
    "key.rotate": frozenset({Role.SECADMIN}),
    "model.read": frozenset({Role.EDITOR, Role.ISSUER, Role.SYSADMIN}),
    "model.edit": frozenset({Role.SYSADMIN}),  # learn, promote, roll back
    "admin.read": frozenset({Role.SYSADMIN}),
    "user.read": frozenset({Role.SYSADMIN, Role.SECADMIN}),
    "user.edit": frozenset({Role.SECADMIN}),  # rights and disabling
    "user.create": frozenset({Role.SYSADMIN, Role.SECADMIN}),
    "audit.read": frozenset({Role.AUDITOR, Role.SECADMIN}),
}


def may(actor: Actor, act: str) -> bool:
    """Whether one of the actor's roles has the act. Unknown acts are nobody's."""
    return bool(ACTS.get(act, frozenset()) & actor.roles)


def require(actor: Actor, act: str) -> None:
    """Raise NotAllowed unless `may`."""
    if not may(actor, act):
        raise NotAllowed(act=act)


def valid_roles(roles: Collection[str]) -> bool:
    """The three administrators (三员) exclude one another and every editorial role; somebody has at least one role."""
    known = {Role(r) for r in roles if r in set(Role)}
    if not roles or len(known) != len(set(roles)):
        return False
    return not (known & ADMINISTRATIVE) or len(known) == 1
