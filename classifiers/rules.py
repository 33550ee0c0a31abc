"""The modules of written rules whose patterns are looked for in a text at once. Names them; decides nothing.

A module that is missing here is as right and slower: its patterns are tried wherever they are asked. So are those of
`told_fields`, on purpose: only the few texts that tell without a pattern of `told` ask for them, and all would look for their words.
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
    warnings,
)
from classifiers.reading import Wording, wordings

_MODULES = (warnings, hazards, scenes, stance, misfortunes, epidemics, told, lifted, threats)


def written() -> list[Wording]:
    """Every pattern of the written rules."""
    return [one for module in _MODULES for one in wordings(module)]
