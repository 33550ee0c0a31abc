"""Every endpoint of the API. Routes, access and the OpenAPI document come out of this one table."""

from __future__ import annotations

from service.web.api import (
    asking,
    assignment_talk,
    assignments,
    audit,
    case_acts,
    cases,
    channels,
    copies,
    deliveries,
    document,
    experts,
    incidents,
    items,
    machine_drafts,
    matching_weights,
    pieces,
    planning,
    publications,
    review,
    session,
    sources,
    users,
    warnings,
)
from service.web.api.endpoint import Endpoint

PARTS = (
    session, publications, asking, sources, items, cases, case_acts, experts, assignments, assignment_talk, pieces, copies, machine_drafts, review,
    channels, deliveries, incidents, planning, users, audit, warnings,
    matching_weights,
)  # fmt: skip
OTHERS = tuple(endpoint for part in PARTS for endpoint in part.ENDPOINTS)
ENDPOINTS: tuple[Endpoint, ...] = (*OTHERS, document.endpoint(OTHERS))
