"""The HTTP API under /api/v1. `table` lists every endpoint; the routes and the OpenAPI document are made from it."""
