"""Business rules of competitions and applications: facts in, a value or refusals out. Pure."""
