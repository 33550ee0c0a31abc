"""The two answers to "who may?" that name no act of `content.permissions`."""

PUBLIC = "public"
SIGNED_IN = "signed_in"
