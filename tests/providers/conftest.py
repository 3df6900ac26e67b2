"""Generated input takes as long as the machine is busy; its time says nothing."""

from hypothesis import settings

settings.register_profile("providers", deadline=None)
settings.load_profile("providers")
