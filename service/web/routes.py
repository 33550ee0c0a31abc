"""Which act each route needs (see `access`). A route's name leads here; a test holds this table against the routes."""

PUBLIC = "public"
SIGNED_IN = "signed_in"

ACCESS: dict[str, str] = {
    "static": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": PUBLIC,
    "login": PUBLIC,
    "login.enter": PUBLIC,
    "setup": PUBLIC,
    "setup.finish": PUBLIC,
    "demo.feed": PUBLIC,
    "demo.story": PUBLIC,
    "logout": SIGNED_IN,
    "home": SIGNED_IN,
    "account": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.totp": SIGNED_IN,
    "account.totp.enroll": SIGNED_IN,
    "admin.sources": "source.read",
    "admin.sources.add": "source.edit",
    "admin.sources.upload": "source.edit",
    "admin.sources.export": "source.read",
    "admin.sources.change": "source.edit",
    "admin.users": "user.read",
    "admin.users.add": "user.create",
    "admin.users.change": "user.edit",
    "admin.audit": "audit.read",
    "admin.audit.verify": "audit.read",
}
