"""Telling people: a row that commits with its cause, delivered by a job. The door is `guyub.kernel.notices.api`."""
