"""Kinds, series, rendering, verification and revocation of certificates; modules supply the kinds."""
