"""What the rules refuse, each with a stable `type` for the outside and an HTTP `status` for the shell."""


class Refusal(Exception):
    """This is refused. The root of every error of the house; the docstring of a class is its message."""

    type: str = "refused"
    status: int = 409

    def __init__(self, message: str | None = None, **details: object) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.details = details


class ContentError(Refusal):
    """The rules do not allow this."""

    type = "content"


class IllegalTransition(ContentError):
    """This cannot happen in the present state."""

    type = "illegal_transition"


class SelfApproval(ContentError):
    """Nobody approves a text that they wrote, edited or submitted (需要另一人签发)."""

    type = "self_approval"
    status = 403


class StaleRevision(ContentError):
    """The text has changed since you read it; read the newest revision."""

    type = "stale_revision"


class Incomplete(ContentError):
    """The piece lacks something that the public needs."""

    type = "incomplete"
    status = 422


class NotAllowed(ContentError):
    """Your role does not allow this."""

    type = "forbidden"
    status = 403


class AlreadyPublished(ContentError):
    """This has been published; it can only be corrected or retracted."""

    type = "already_published"
