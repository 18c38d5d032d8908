"""Pages of accounts, by audience."""
