"""Letters to a list through the operator's SMTP server: plain text and HTML, one letter, recipients hidden from each other.

Not idempotent: a letter whose fate is unknown waits for a person (see `post`).
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from content.messages import Message
from content.render import article
from content.render.plain import one_line
from service.channels.post import post
from service.channels.protocol import Sent


def letter(message: Message, key: str, sender: str) -> EmailMessage:
    """The letter. Its headers are on one line each, whatever the title says; its Message-ID is the delivery's id."""
    told = message.told
    mail = EmailMessage()
    mail["Subject"] = one_line(told.headline)
    mail["From"] = formataddr((one_line(message.house.desk), sender))
    mail["To"] = "undisclosed-recipients:;"
    mail["Date"] = format_datetime(told.issued_at)
    mail["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    link = message.link("email")
    mail.set_content(article.text(told, message.house, link) + "\n")
    mail.add_alternative(article.html(told, message.house, link), subtype="html")
    return mail


@dataclass(frozen=True)
class EmailChannel:
    """Sends to `to` through `server`: `smtp://user:password@host:port`, `smtps://…`; `?from=address` names the sender."""

    name: str
    server: str
    to: tuple[str, ...]
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """One letter to all; recipients that the server refuses are noted, the others get it."""
        return await post(self.server, self.to, lambda sender: letter(message, key, sender))
