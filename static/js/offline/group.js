// @ts-check
/** A group without signal: its families and the way to its sheet. */

import { longId } from "../outbox/commands.js";
import { filled, inWords, words } from "./dom.js";

/** @param {import("../pages/shell.js").Context} context */
export function open({ kept, id, words: known, show }) {
  const { groups, families } = kept.bundle;
  const place = groups.findIndex((group) => group.id === id);
  const group = groups[place];
  if (!group) {
    show(filled("unknown", {}));
    return;
  }
  const latest = group.latest ? inWords(group.latest.held_on) : "";
  show(
    filled("group", {
      home: "/",
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
    }),
  );
}
