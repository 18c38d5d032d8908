"""Rankings of applications: the official one in exact arithmetic, and the advisory ones that model the jurors."""
