"""Outbox, templates, delivery and gateways: addresses and languages, never persons."""
