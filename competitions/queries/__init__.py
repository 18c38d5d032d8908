"""Every SELECT over competitions and applications."""
