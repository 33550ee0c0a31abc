"""The schema's history. What has been released is never edited; a change is a new revision (`draft`)."""
