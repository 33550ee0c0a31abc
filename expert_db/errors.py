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


class BadSheet(ExpertError):
    """This file is not a table that can be read."""

    type = "bad_sheet"
    status = 422


class NotIndependent(ExpertError):
    """The second opinion must come from somebody of another unit."""

    type = "not_independent"


class BadAnswer(ExpertError):
    """An answer needs a text, and an expert opinion on a rumor needs a verdict and a source."""

    type = "bad_answer"
    status = 422
