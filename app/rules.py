"""A desk's rules in force, put together from its settings."""

from app.desk_settings import DeskConfig, with_holidays
from policies.desk import Rules


def rules_of(config: DeskConfig, year: int) -> Rules:
    """Return the rules with the public holidays of this year and the next."""
    return Rules(
        desk=config.name,
        limits=config.limits,
        hours=with_holidays(config.hours, config.holidays, range(year, year + 2)),
        mode=config.mode,
        sells=config.sells,
        leads=config.leads,
        appointments=config.appointments,
        enrols=config.enrols,
        a_approval=config.a_approval,
        default_language=config.default_language,
        lane_language=config.lane_language,
        pay_to=config.pay_to,
        payments=config.payments,
        pilot_allowlist=config.pilot_allowlist,
        reopen=config.reopen_template,
    )
