"""The platform: accounts, permissions, messages, certificates. It knows nothing of grants; modules plug in."""
