"""The editors' desk: cases, writing, review, what is out and how it travels."""

from aiohttp import web

from service.web.desk import (
    assignment_link,
    assignments,
    bulk,
    calendar,
    cases,
    clocks,
    deliveries,
    expert_sheets,
    experts,
    incident_report,
    incidents,
    machine_drafts,
    measures,
    model,
    pieces,
    publications,
    queue,
    review,
    sources,
    warnings,
)


def routes() -> list[web.RouteDef]:
    """All routes below /desk."""
    parts = (
        queue,
        bulk,
        cases,
        clocks,
        calendar,
        pieces,
        review,
        sources,
        machine_drafts,
        warnings,
        publications,
        deliveries,
        incidents,
        incident_report,
        measures,
        model,
        expert_sheets,
        experts,
        assignments,
        assignment_link,
    )
    return [route for part in parts for route in part.routes()]
