"""What every package stands on: database, clock, states, audit, jobs, files, tables. A closed list; each file has one job."""
