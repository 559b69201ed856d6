"""Every strategy, one file each; strategy.py is the contract and the register."""
