"""What the expert rules refuse."""

from content.errors import Refusal


class ExpertError(Refusal):
    """The expert database does not allow this."""

    type = "expert"


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


class BadAnswer(ExpertError):
    """An answer needs a text; an expert opinion needs a source too, and on a rumor a verdict."""

    type = "bad_answer"
    status = 422


class BadQuestion(ExpertError):
    """A question needs a text, somebody who asks it, and time for an answer."""

    type = "bad_question"
    status = 422


class MissingReason(ExpertError):
    """This needs a reason."""

    type = "missing_reason"
    status = 422


class TooEarly(ExpertError):
    """The time of this assignment has not run out."""

    type = "too_early"


class AskedEnough(ExpertError):
    """A question back waits for its reply already, or there have been several; please telephone."""

    type = "asked_enough"


class ProposedAlready(ExpertError):
    """A hand-over waits for the desk already, or the assignment can no longer be handed over."""

    type = "proposed_already"


class NotInDirectory(ExpertError):
    """Nobody in the directory has exactly this name, or several have: add the unit, or decline and suggest."""

    type = "not_in_directory"
    status = 422


class BadTerms(ExpertError):
    """These deadlines make no sense."""

    type = "bad_terms"
    status = 422


class BadExpert(ExpertError):
    """This is not how an expert is described; `fields` names what is wrong."""

    type = "bad_expert"
    status = 422
