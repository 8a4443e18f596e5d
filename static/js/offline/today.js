// @ts-check
/** Home without signal: whom to meet, who has met, whom to visit. */

import { longId } from "../outbox/commands.js";
import { draftDay } from "./before.js";
import { isClockOff, rightDay } from "./clock.js";
import { filled, inWords, SHORT, words } from "./dom.js";
import { rowOf } from "./groups.js";
import { waitingRegisters } from "./waiting.js";

/** As on the page with signal. */
const MISSED_TOO_OFTEN = 2;

/** @param {import("../pages/shell.js").Context} context */
export async function open({ kept, store, owner, show }) {
  const { bundle } = kept;
  const day = rightDay(kept);
  const waiting = await waitingRegisters(store, owner);
  const groups = bundle.groups.map((group, place) => {
    const own = waiting.filter((each) => each.body.group === group.id);
    const days = [
      ...group.past.filter(([, status]) => status === "sent").map(([held_on]) => held_on),
      ...own.map((each) => each.body.held_on),
    ].filter((held_on) => held_on.slice(0, 7) === day.slice(0, 7));
    const draft = draftDay(group, waiting, day.slice(0, 7));
    return {
      ...rowOf(bundle, place),
      draft: draft && words("draft", { day: inWords(draft, SHORT) }),
      sheet: `/groups/${group.id}/meetings/new`,
      when: days[0] ? inWords(days[0]) + (own.length > 0 ? `, ${words("onPhone")}` : "") : "",
    };
  });
  const absent = bundle.families
    .filter((family) => family[5] >= MISSED_TOO_OFTEN)
    .sort((a, b) => b[5] - a[5])
    .map(([id, name, place, , , missed]) => ({
      name,
      group: bundle.groups[place]?.name ?? "",
      times: words("times", { n: missed }),
      page: `/households/${longId(id)}`,
    }));
  const met = groups.filter((group) => group.when);
  const toMeet = groups.filter((group) => !group.when);
  show(
    filled("today", {
      name: bundle.name,
      month: inWords(day, { month: "long", year: "numeric" }),
      clock: isClockOff(kept),
      to_meet: toMeet,
      all_met: toMeet.length === 0,
      met,
      absent,
    }),
  );
}
