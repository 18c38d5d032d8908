"""Thin handlers of this package, one module an audience."""
