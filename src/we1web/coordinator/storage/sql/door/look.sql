select to_regclass('public.secrets') is not null as migrated,
       to_regproc('we1_private.enter') is not null as sealed
