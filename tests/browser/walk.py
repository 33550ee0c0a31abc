"""Every page that somebody can see, for the browser to visit: each GET route with the addresses that show its states.

The addresses name places of `tests.browser.lived` in braces. A test holds this table against the routes of the application,
so a new page is either walked or named in NOT_PAGES with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from content.permissions import Actor, Role, may
from service.web.routes import ACCESS, PUBLIC, SIGNED_IN

NOBODY: Final = ""

NOT_PAGES: Final = {
    "static": "a file",
    "home": "leads to the page of one's role",
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
    "demo.feed": "a feed",
    "demo.story": "the invented newspaper, no page of ours",
    "desk.events": "a stream",
    "desk.measures.csv": "a file",
    "desk.measures.workbook": "a file",
    "desk.incident.report.csv": "a file",
    "desk.calendar.file": "a file",
    "desk.expert.export": "a file",
    "admin.sources.export": "a file",
}
PIECES = ("draft", "bare", "handed_in", "returned", "approved", "scheduled", "holding", "machine", "held",
          "standing", "corrected", "retracted", "warning")  # fmt: skip
CASES = ("food", "water", "again", "dull", "quake", "warning", "asked_offered", "asked_accepted", "asked_waiting",
         "tip_waiting", "tip_closed", "tip_answered")  # fmt: skip
STATES = ("", "draft", "in_review", "returned", "approved", "published")

WALK: Final[dict[str, tuple[str, ...]]] = {
    # "page" is every rendered address; those that are linked from the front page are found by following links.
    "page": ("/", "/nothing-here", "/en/nothing-here", "/region/360925", "/region/360983", "/for/elderly",
             "{article_standing}", "{article_corrected}", "{article_retracted}", "{article_answer}", "{article_warning}"),
    "search": ("/search", "/search?q=水质", "/search?q=独角兽"),
    "check": ("/check",),
    "tip": ("/tip",),
    "tip.status": ("{tip_waiting}", "{tip_in_work}", "{tip_closed}", "{tip_answered}", "/tip/nobody-knows-this-one"),
    "search.en": ("/en/search", "/en/search?q=水质", "/en/search?q=unicorn"),
    "check.en": ("/en/check",),
    "tip.en": ("/en/tip",),
    "tip.status.en": tuple(f"/en{{tip_{state}}}" for state in ("waiting", "in_work", "closed", "answered")),
    "login": ("/login",),
    "setup": ("{setup}", "/setup/nobody-knows-this-one"),
    "account": ("/account",),
    "account.totp": ("/account/totp",),
    "desk.queue": ("/desk", "/desk?view=mine", "/desk?view=all", "/desk?view=answered", "/desk?view=dismissed", "/desk?q=独角兽"),
    "desk.case": (*(f"{{case_{name}}}" for name in CASES), "{case_quake}?ask=fact", "{case_quake}?ask=field", "{case_food}?merge=停水"),
    "expert.assignments": ("/expert",),
    "expert.assignment": ("{assignment_offered}", "{assignment_accepted}", "{assignment_waiting}", "{assignment_false}",
                          "{assignment_fact}", "{assignment_field}"),
    "desk.assignments": ("/desk/assignments",),
    "desk.experts": ("/desk/experts", "/desk/experts?kind=department", "/desk/experts?kind=team", "/desk/experts?q=独角兽", "/desk/experts?active=0"),
    "desk.expert": ("{expert}",),
    "desk.expert.gaps": ("/desk/experts/gaps", "/desk/experts/gaps?kind=team"),
    "desk.expert.new": ("/desk/experts/new",),
    "desk.expert.form": ("{expert}/edit",),
    "desk.expert.sheet": ("/desk/experts/sheet",),
    "link": ("{link}", "{link_accepted}", "{link_fact}", "{link_field}", "/a/nobody-knows-this-one"),
    "link.thanks": ("/a/thanks",),
    "desk.pieces": (*(f"/desk/pieces?state={state}" for state in STATES), "/desk/pieces?prepared=暴雨", "/desk/pieces?prepared=独角兽"),
    "desk.piece": tuple(f"{{piece_{name}}}" for name in PIECES),
    "desk.piece.diff": ("{piece_draft}/diff", "{piece_machine}/diff"),
    "desk.copy": ("{copy}",),
    "desk.review": tuple(f"{{piece_{name}}}/review" for name in PIECES),
    "desk.publications": ("/desk/publications",),
    "desk.publication": tuple(f"{{publication_{name}}}" for name in ("standing", "corrected", "retracted", "answer", "warning")),
    "desk.measures": ("/desk/measures", "/desk/measures?days=7"),
    "desk.measures.month": ("/desk/measures/month",),
    "desk.incidents": ("/desk/incidents",),
    "desk.incident": ("{incident_active}", "{incident_proposed}", "{incident_over}"),
    "desk.incident.report": ("{incident_over}/report", "{incident_active}/report"),
    "desk.calendar": ("/desk/calendar", "/desk/calendar?days=366"),
    "desk.model": ("/desk/model",),
    "desk.clocks": ("/desk/clocks",),
    "desk.deliveries": ("/desk/deliveries", "/desk/deliveries?state=uncertain", "/desk/deliveries?state=failed"),
    "desk.delivery": ("{delivery_site}", "{delivery_wecom}", "{delivery_webhook}", "{delivery_todo}"),
    "admin.sources": ("/admin/sources",),
    "admin": ("/admin",),
    "admin.terms": ("/admin/terms",),
    "admin.clocks": ("/admin/clocks",),
    "admin.channels": ("/admin/channels",),
    "admin.users": ("/admin/users",),
    "admin.audit": ("/admin/audit",),
}  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """One address, as one role sees it. `name` is the address without ids, the same in every run."""

    route: str
    role: str
    path: str
    name: str


def readers(route: str) -> list[str]:
    """The roles that may open a page; nobody in particular for the public ones."""
    needed = ACCESS[route]
    if needed == PUBLIC:
        return [NOBODY]
    roles = [str(role) for role in Role]
    if needed == SIGNED_IN:
        return roles
    return [role for role in roles if any(may(_actor(role), act) for act in needed.split("|"))]


def _actor(role: str) -> Actor:
    return Actor(id=None, name=role, roles=frozenset({role}))


def stops(places: dict[str, str]) -> Iterator[Stop]:
    """Every page for everybody who may open it. Places that a newsroom does not have are left out."""
    for route, addresses in WALK.items():
        for address in addresses:
            if any(name not in places for name in _names(address)):
                continue
            for role in readers(route):
                yield Stop(route, role, address.format_map(places), address)


def _names(address: str) -> list[str]:
    return [part.split("}")[0] for part in address.split("{")[1:]]
