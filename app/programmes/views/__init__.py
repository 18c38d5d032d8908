"""Pages of programmes, by audience."""
