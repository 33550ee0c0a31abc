"""Letters to a list through the operator's SMTP server: plain text and HTML, one letter, recipients hidden from each other.

Not idempotent. An error before the text is handed over is told apart from silence after it: the first is tried again,
the second waits for a person.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote

import aiosmtplib
from yarl import URL

from content.messages import Message
from content.render import article
from content.render.plain import one_line
from service.channels.errors import ChannelError, Permanent, Temporary, Unknown
from service.channels.protocol import Sent

SECONDS = 20.0
PORTS = {"smtp": 25, "smtps": 465}


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
        url = URL(self.server)
        if not self.to or url.scheme not in PORTS or not url.host:
            raise Permanent("no_recipients" if not self.to else "no_smtp_server")
        sender = url.query.get("from") or f"noreply@{url.host}"
        client = aiosmtplib.SMTP(
            hostname=url.host,
            port=url.port or PORTS[url.scheme],
            use_tls=url.scheme == "smtps",
            username=unquote(url.user) if url.user else None,
            password=unquote(url.password) if url.password else None,
            timeout=SECONDS,
        )
        try:
            refused = await self._envelope(client, sender)
            return await self._text(client, letter(message, key, sender), refused)
        finally:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                client.close()

    async def _envelope(self, client: aiosmtplib.SMTP, sender: str) -> list[str]:
        """Everything before the text: nothing has been taken yet, so every failure is certain."""
        refused = []
        try:
            await client.connect()
            await client.mail(sender)
            for address in self.to:
                try:
                    await client.rcpt(address)
                except aiosmtplib.SMTPResponseException as error:
                    refused.append((address, error))
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _certain(error) from error
        if len(refused) == len(self.to):
            raise _certain(refused[0][1])
        return [address for address, _ in refused]

    async def _text(self, client: aiosmtplib.SMTP, mail: EmailMessage, refused: Sequence[str]) -> Sent:
        try:
            answer = await client.data(mail.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            if error.code < 0:  # the library's own code for a connection that broke
                raise Unknown("no_answer") from error
            raise _certain(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unknown("no_answer", type(error).__name__) from error
        return Sent(f"smtp_{answer.code}", str(mail["Message-ID"]), {"refused": len(refused)})


def _certain(error: Exception) -> ChannelError:
    """4xx and what never reached the server is worth another try; 5xx and a wrong password are not."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        kind = Permanent if error.code >= 500 else Temporary
        return kind(f"smtp_{error.code}", error.message[:200])
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Permanent("smtp_not_supported", str(error)[:200])
    return Temporary("unreachable", type(error).__name__)
