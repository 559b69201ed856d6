-- The public name of somebody whose account another issuer keeps.
update public.users set display_name = $2 where id = $1
