"""Errors of the shell.

Every error of the project has a stable `type` (it becomes the `type` of an RFC 9457 problem) and an HTTP `status`.
The docstring of a class is the message when no other is given. The deciding packages have their own branches
(`content.errors`, `expert_db.errors`) of the same root, `content.errors.Refusal`, so the web layer treats them alike.
"""

from content.errors import Refusal


class QingyuanError(Refusal):
    """Something went wrong."""

    type = "internal"
    status = 500


class NotFound(QingyuanError):
    """There is nothing here, or it is not yours to see."""

    type = "not_found"
    status = 404


class Forbidden(QingyuanError):
    """Your role does not allow this."""

    type = "forbidden"
    status = 403


class Invalid(QingyuanError):
    """The request does not make sense."""

    type = "invalid"
    status = 422


class Conflict(QingyuanError):
    """Somebody else changed this in the meantime; load it again."""

    type = "stale_version"
    status = 409


class TooMany(QingyuanError):
    """Too many requests; wait a moment."""

    type = "too_many_requests"
    status = 429

    def __init__(self, message: str | None = None, retry_after: int = 60, **details: object) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class Unavailable(QingyuanError):
    """The store cannot write just now; nothing was changed. Try again."""

    type = "unavailable"
    status = 503

    def __init__(self, message: str | None = None, retry_after: int = 5, **details: object) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class BadSetting(QingyuanError):
    """A setting is not usable."""

    type = "bad_setting"
    status = 500


class NeedsMigration(QingyuanError):
    """The database is older than this program: run `qingyuan migrate`."""

    type = "needs_migration"
    status = 503
