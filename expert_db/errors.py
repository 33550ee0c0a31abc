"""What the expert rules refuse."""


class ExpertError(Exception):
    """The expert database does not allow this."""

    type: str = "expert"
    status: int = 409

    def __init__(self, message: str | None = None, **details: object) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.details = details


class NotACandidate(ExpertError):
    """This expert cannot be asked: in conflict, absent, at the load limit, out of term or without consent."""

    type = "not_a_candidate"


class NotYours(ExpertError):
    """This assignment belongs to somebody else."""

    type = "not_found"
    status = 404
