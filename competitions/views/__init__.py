"""The pages of competitions, one module an audience."""
