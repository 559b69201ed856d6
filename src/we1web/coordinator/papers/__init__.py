"""Papers: files that leave the platform for banks and people. Rendering and checking only: no database, no network."""
