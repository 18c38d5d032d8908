"""Every SELECT over rounds, seats, sheets and results."""
