"""WE1WEB: one computer out of the devices people already own, with checked results and paid contributors."""

__version__ = "0.1.0"
