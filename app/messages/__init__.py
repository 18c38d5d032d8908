"""Outbox, templates and delivery: addresses and languages, never persons."""
