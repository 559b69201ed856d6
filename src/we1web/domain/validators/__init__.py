"""Every validator, one file each; validator.py is the contract and the register."""
