update public.nodes set online = false where online
