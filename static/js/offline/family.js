// @ts-check
/** A family without signal: what may lie on a phone, and no more. */

import { shortId } from "../outbox/commands.js";
import { filled, inWords, words } from "./dom.js";

/**
 * @param {import("./caseload.js").Bundle} bundle
 * @param {string} id
 */
export function familyOf({ families }, id) {
  const short = shortId(id);
  return families.find((each) => each[0] === short);
}

/** @param {import("../pages/shell.js").Context} context */
export async function open({ kept, id, words: known, show, store, owner }) {
  const family = familyOf(kept.bundle, id);
  const group = family && kept.bundle.groups[family[2]];
  if (!family || !group) {
    show(filled("unknown", {}));
    return;
  }
  const [, name, , rungs, verdict, missed, mark, isRecorded] = family;
  const items = await store.list(owner);
  const unsent = items.filter(({ about }) => Object(about).family === id).length;
  const latest = group.latest ? inWords(group.latest.held_on) : "";
  show(
    filled("family", {
      group: `/groups/${group.id}`,
      recorded: isRecorded,
      observe: `/households/${id}/economics/observations/new`,
      check: `/households/${id}/readiness`,
      unsent: unsent > 0 && words("familyUnsent", { n: unsent }),
      kicker: group.name,
      name,
      mark: mark ? `${latest}: ${known.presences[mark[0]] ?? ""}` : words("noMark"),
      missed: words("times", { n: missed }),
      rungs: words("rungs", { n: rungs }),
      verdict: known.verdicts[verdict ?? ""] ?? "–",
    }),
  );
}
