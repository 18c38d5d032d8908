"""The juries of the demo, and one of any size for measuring."""
