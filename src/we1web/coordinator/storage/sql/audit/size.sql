-- How much there was to look at.
select (select count(*) from ledger.accounts) as accounts, (select count(*) from ledger.transactions) as transactions,
       (select count(*) from ledger.entries) as entries, (select count(*) from public.tasks) as tasks,
       (select count(*) from public.jobs) as jobs
