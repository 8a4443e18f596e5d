"""The only door to a household or a group: what is not behind it does not exist.

A facilitator sees the groups assigned to her today and the households in them, those too that
left the programme from there; everybody else sees what lies in the own region. Whatever is
elsewhere answers like what never was (design.md, section 6). Every other feature starts from
`households` or `groups` here.
"""

from casework.households.scope.of_groups import (
    group,
    group_ever,
    group_ever_for_change,
    group_for_change,
    group_to_join,
    groups,
    groups_ever,
    groups_in_care,
    groups_led,
)
from casework.households.scope.of_households import (
    household,
    household_for_change,
    households,
    households_for_change,
    households_in_care,
    households_in_regency,
)

__all__ = [
    "group",
    "group_ever",
    "group_ever_for_change",
    "group_for_change",
    "group_to_join",
    "groups",
    "groups_ever",
    "groups_in_care",
    "groups_led",
    "household",
    "household_for_change",
    "households",
    "households_for_change",
    "households_in_care",
    "households_in_regency",
]
