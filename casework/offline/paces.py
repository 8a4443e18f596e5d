"""How much of what phones ask for by themselves is too much."""

from __future__ import annotations

from casework.web.pace import Pace

#: A sending costs this much, and 1 more for each command in it.
A_SENDING = 4
#: The bytes of a photo: opened, cleaned and sealed they cost some 80 ms of a processor. Three of
#: each of twelve meetings, each with the line that asks for it first, are 684.
A_PHOTO = 10
#: A week of work of the largest caseload, 300 commands, costs 324 in sendings of 50 and 1,500 one
#: by one, as over a line that fails. A program that sends for ever gets a sending of 50 through
#: in 11 seconds, or a sending of one in each: less than a hundredth of what two cores carry out.
SENDING = Pace("sending", most=1500, a_second=5)
#: The caseload, and the key that comes with it: on opening the app, after each save and whenever
#: the signal comes back.
FETCHING = Pace("fetching", most=200, a_second=1)
