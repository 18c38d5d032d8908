"""Person (the vault of personal data) and User (an account), sign-in, sessions, consent."""
