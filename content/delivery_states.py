"""The life of a delivery (投递): one publication on its way to one channel."""

from enum import StrEnum

from content.lifecycle import Lifecycle


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DeliveryEvent(StrEnum):
    CLAIM = "claim"
    CONFIRM = "confirm"
    DEFER = "defer"
    FAIL = "fail"
    LOSE = "lose"
    RESEND = "resend"
    CANCEL = "cancel"
    EXPIRE = "expire"


DELIVERY = Lifecycle(
    name="delivery",
    states=DeliveryState,
    events=DeliveryEvent,
    initial=DeliveryState.PENDING,
    table={
        (DeliveryState.PENDING, DeliveryEvent.CLAIM): DeliveryState.SENDING,
        (DeliveryState.WAITING, DeliveryEvent.CLAIM): DeliveryState.SENDING,
        (DeliveryState.SENDING, DeliveryEvent.CONFIRM): DeliveryState.SENT,
        (DeliveryState.SENDING, DeliveryEvent.DEFER): DeliveryState.WAITING,
        (DeliveryState.SENDING, DeliveryEvent.FAIL): DeliveryState.FAILED,
        # The process died, or the answer never came: nobody knows whether the other side has it.
        (DeliveryState.SENDING, DeliveryEvent.LOSE): DeliveryState.UNCERTAIN,
        (DeliveryState.UNCERTAIN, DeliveryEvent.CONFIRM): DeliveryState.SENT,
        (DeliveryState.UNCERTAIN, DeliveryEvent.RESEND): DeliveryState.PENDING,
        # Republish to one target, by hand.
        (DeliveryState.FAILED, DeliveryEvent.RESEND): DeliveryState.PENDING,
        (DeliveryState.PENDING, DeliveryEvent.CANCEL): DeliveryState.CANCELLED,
        (DeliveryState.WAITING, DeliveryEvent.CANCEL): DeliveryState.CANCELLED,
        (DeliveryState.PENDING, DeliveryEvent.EXPIRE): DeliveryState.EXPIRED,
        (DeliveryState.WAITING, DeliveryEvent.EXPIRE): DeliveryState.EXPIRED,
    },
)
