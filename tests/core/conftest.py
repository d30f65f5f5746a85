"""Settings of the property tests: a busy machine is no failure, and no examples are kept."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "xortui",
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("xortui")
