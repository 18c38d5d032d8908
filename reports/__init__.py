"""What a funder reads: counts computed from evidence, never typed in."""
