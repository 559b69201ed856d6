"""The market at work: the engine between sockets and database. The hot path of the coordinator lives here."""
