select ledger.fold()
