"""The verbs of accounts, sessions, persons and consents."""
