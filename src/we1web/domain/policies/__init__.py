"""Every policy, one file each; policy.py is the contract and the register."""
