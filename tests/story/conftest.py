"""A story has a news site and a door to it, as the use cases' own tests do."""

from tests.usecases.conftest import door, site

__all__ = ["door", "site"]
