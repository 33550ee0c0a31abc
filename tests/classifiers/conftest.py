"""What several tests of the classifiers judge with."""

from __future__ import annotations

import pytest

from classifiers import model_file
from classifiers.assess import Assessor


@pytest.fixture(scope="module", params=["shipped", "rules"])
def assessor(request: pytest.FixtureRequest) -> Assessor:
    """With the shipped model, and then without any."""
    return Assessor(model_file.load(model_file.SHIPPED) if request.param == "shipped" else None, None)
