// @ts-check
/** A group without signal: its families and the way to its sheet. */

import { longId } from "../outbox/commands.js";
import { draftDay } from "./before.js";
import { filled, inWords, SHORT, words } from "./dom.js";
import { photosOf } from "./photos.js";
import { waitingRegisters } from "./waiting.js";

/** @param {import("../pages/shell.js").Context} context */
export async function open(context) {
  const { kept, id, words: known, show, store, owner } = context;
  const { groups, families } = kept.bundle;
  const place = groups.findIndex((group) => group.id === id);
  const group = groups[place];
  if (!group) {
    show(filled("unknown", {}));
    return;
  }
  const latest = group.latest ? inWords(group.latest.held_on) : "";
  const waiting = await waitingRegisters(store, owner);
  const own = waiting.filter(({ body }) => body.group === id);
  const past = group.past.filter(([, status]) => status !== "called_off").map(([day]) => day);
  const days = new Set([...past, ...own.map(({ body }) => body.held_on)]);
  const draft = draftDay(group, waiting);
  const page = filled("group", {
    draft: draft && words("draft", { day: inWords(draft, SHORT) }),
    kicker: group.place,
    name: group.name,
    sheet: `/groups/${id}/meetings/new`,
    families: families
      .filter((family) => family[2] === place)
      .map(([short, name, , , , , mark]) => ({
        name,
        page: `/households/${longId(short)}`,
        mark: mark ? `${latest}: ${known.presences[mark[0]] ?? ""}` : words("noMark"),
      })),
  });
  if (days.size > 0) {
    page.append(photosOf(context, group, [...days].sort().reverse()));
  }
  show(page);
}
