"""Which act each route needs (see `access`). Names are `part.thing.verb`; the same name serves GET and POST of a page."""

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
    "logout": SIGNED_IN,
    "home": SIGNED_IN,
    "account": SIGNED_IN,
    "demo.feed": PUBLIC,
    "demo.story": PUBLIC,
}
