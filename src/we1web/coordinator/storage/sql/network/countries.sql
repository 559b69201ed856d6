-- Nodes online and their cores, by the country their owners state; null: they state none.
select nullif(country, '') as country, count(*) as nodes, coalesce(sum(cores), 0)::bigint as cores
  from public.nodes where online and status <> 'retired'
 group by 1
 order by nodes desc, country
