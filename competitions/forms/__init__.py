"""The forms of competitions."""
