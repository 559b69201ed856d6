"""The simulator: the production engine and sessions on virtual time, under attack, faults and load, from one seed."""
