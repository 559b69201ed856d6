"""The demonstration behind `we1web demo`: a small network on one machine, real work, and a check of every claim."""
