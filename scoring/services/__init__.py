"""The verbs of scoring, one module a noun."""
