select exists (select from ledger.transactions where key = $1)
