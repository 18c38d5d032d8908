"""Competition (an edition, with its Rules, Calendar and Form), Application with Answers, Versions, Documents and Checks."""
