"""The platform's own pages: the front page, first pages of each role, language, health, the showcase."""
