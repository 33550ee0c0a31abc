"""The demo newsroom: feeds, experts, users and two published pieces of our own, for trying the house out.

Nothing here runs unless the service was started with `--demo`, and that is refused with ENV=prod or on a database that
was not made by the demo. Its texts belong to the city: `deploy/cities/<city>/demo/`.
"""
