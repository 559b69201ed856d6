select meta from ledger.transactions where key = $1
