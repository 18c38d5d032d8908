"""The one door: who acts, what modules say of an act on an object, and how views get objects."""
