"""The verbs of competitions and applications."""
