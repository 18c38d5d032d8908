"""Round of Stages with Criteria; Juror, Assignment, Review made of Scores, ConflictOfInterest, Ranking."""
