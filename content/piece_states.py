"""The life of a piece (稿件): from draft to what the public reads."""

from enum import StrEnum

from content.lifecycle import Lifecycle


class PieceState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class PieceEvent(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    CORRECT = "correct"
    RETRACT = "retract"


PIECE = Lifecycle(
    name="piece",
    states=PieceState,
    events=PieceEvent,
    initial=PieceState.DRAFT,
    table={
        (PieceState.DRAFT, PieceEvent.EDIT): PieceState.DRAFT,
        (PieceState.DRAFT, PieceEvent.SUBMIT): PieceState.IN_REVIEW,
        (PieceState.IN_REVIEW, PieceEvent.RETURN): PieceState.RETURNED,
        (PieceState.IN_REVIEW, PieceEvent.APPROVE): PieceState.APPROVED,
        # Editing a text under review takes it out of review: nobody approves what is still moving.
        (PieceState.IN_REVIEW, PieceEvent.EDIT): PieceState.DRAFT,
        (PieceState.RETURNED, PieceEvent.EDIT): PieceState.DRAFT,
        # Editing an approved piece costs it its approval.
        (PieceState.APPROVED, PieceEvent.EDIT): PieceState.DRAFT,
        (PieceState.APPROVED, PieceEvent.RETURN): PieceState.RETURNED,
        (PieceState.APPROVED, PieceEvent.PUBLISH): PieceState.PUBLISHED,
        # A correction is a piece of its own (kind `correction`); the act moves the piece it corrects.
        (PieceState.PUBLISHED, PieceEvent.CORRECT): PieceState.CORRECTED,
        (PieceState.CORRECTED, PieceEvent.CORRECT): PieceState.CORRECTED,
        (PieceState.PUBLISHED, PieceEvent.RETRACT): PieceState.RETRACTED,
        (PieceState.CORRECTED, PieceEvent.RETRACT): PieceState.RETRACTED,
    },
)
