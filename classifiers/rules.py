"""The modules of written rules whose patterns are looked for in a text at once. Names them; decides nothing.

A module that is missing here is as right as before and slower: its patterns are tried on every text.
"""

from __future__ import annotations

from classifiers import (
    epidemics,
    hazards,
    lifted,
    misfortunes,
    scenes,
    stance,
    threats,
    told,
    told_fields,
    warnings,
)
from classifiers.reading import Wording, wordings

_MODULES = (warnings, hazards, scenes, stance, misfortunes, epidemics, told, told_fields, lifted, threats)


def written() -> list[Wording]:
    """Every pattern of the written rules."""
    return [one for module in _MODULES for one in wordings(module)]
