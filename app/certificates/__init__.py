"""Kinds, series, rendering, signature, verification and revocation of certificates; modules supply the kinds."""
