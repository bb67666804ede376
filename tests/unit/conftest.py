"""Settings of the property tests."""

from hypothesis import settings

# A busy machine is slow at times, and that is no fault of the code under test.
settings.register_profile("keystay", deadline=None)
settings.load_profile("keystay")
