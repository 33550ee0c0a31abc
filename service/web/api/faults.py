"""What only an HTTP API can refuse."""

from __future__ import annotations

from service.errors import QingyuanError


class UnsupportedMediaType(QingyuanError):
    """The body is of a type that this address does not take."""

    type = "unsupported_media_type"
    status = 415


class PreconditionRequired(QingyuanError):
    """Say which revision you have read: send its ETag in If-Match."""

    type = "precondition_required"
    status = 428


class StaleTag(QingyuanError):
    """The text has changed since you read it; read the newest revision."""

    type = "stale_revision"
    status = 412


class OtherRequest(QingyuanError):
    """This Idempotency-Key was used for another request."""

    type = "idempotency_mismatch"
    status = 422
