"""Settings of the property tests: no time limit per example, since no test may depend on the speed of the machine."""

from hypothesis import settings

settings.register_profile("we1web", deadline=None)
settings.load_profile("we1web")
