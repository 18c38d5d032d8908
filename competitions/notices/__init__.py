"""Which letter goes to whom after which verb."""
