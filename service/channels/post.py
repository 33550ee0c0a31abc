"""Hand one letter to the operator's SMTP server, for one or many recipients who do not see each other.

An error before the text is handed over is told apart from silence after it: the first is tried again, the second waits for
a person. Does not write letters, retry or store.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from urllib.parse import unquote

import aiosmtplib
from yarl import URL

from service.channels.errors import ChannelError, Permanent, Temporary, Unknown
from service.channels.protocol import Sent

SECONDS = 20.0
PORTS = {"smtp": 25, "smtps": 465}


async def post(server: str, to: Sequence[str], write: Callable[[str], EmailMessage]) -> Sent:
    """One letter to all; recipients that the server refuses are counted, the others get it.

    `server`: `smtp://user:password@host:port`, `smtps://…`; `?from=address` names the sender, which `write` gets.
    """
    url = URL(server)
    if not to or url.scheme not in PORTS or not url.host:
        raise Permanent("no_recipients" if not to else "no_smtp_server")
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
        refused = await _envelope(client, sender, to)
        return await _text(client, write(sender), refused)
    finally:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            client.close()


async def _envelope(client: aiosmtplib.SMTP, sender: str, to: Sequence[str]) -> list[str]:
    """Everything before the text: nothing has been taken yet, so every failure is certain."""
    refused = []
    try:
        await client.connect()
        await client.mail(sender)
        for address in to:
            try:
                await client.rcpt(address)
            except aiosmtplib.SMTPResponseException as error:
                refused.append((address, error))
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _certain(error) from error
    if len(refused) == len(to):
        raise _certain(refused[0][1])
    return [address for address, _ in refused]


async def _text(client: aiosmtplib.SMTP, mail: EmailMessage, refused: Sequence[str]) -> Sent:
    try:
        answer = await client.data(mail.as_bytes())
    except aiosmtplib.SMTPResponseException as error:
        if not 400 <= error.code < 600:  # nonsense, or a yes that is none of SMTP's: it may have been taken
            raise Unknown(f"smtp_{error.code}", error.message[:200]) from error
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
