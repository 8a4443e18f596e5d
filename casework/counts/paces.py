"""How much of what programs ask for is too much."""

from __future__ import annotations

from casework.web.pace import Pace

#: Everything that there is of a year is 4 requests for each kind and state. A newsroom, or a
#: district behind one address of its operator, gets 300 at once and 3 a second; an answer costs
#: some 20 ms of a processor.
ASKING = Pace("counts", most=300, a_second=3)
