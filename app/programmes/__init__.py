"""Organisation, Programme (a standing line of competitions), Membership and the roles it gives."""
