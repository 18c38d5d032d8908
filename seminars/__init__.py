"""Event (a seminar, training, forum, pitch) made of Sessions, with Registration and Attendance."""
