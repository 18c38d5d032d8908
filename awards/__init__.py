"""Award (the decision), and publication of results."""
