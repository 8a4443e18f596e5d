// @ts-check
/** A family without signal: what may lie on a phone, and no more. */

import { shortId } from "../outbox/commands.js";
import { filled, inWords, words } from "./dom.js";

/** @param {import("../pages/shell.js").Context} context */
export function open({ kept, id, words: known, show }) {
  const { groups, families } = kept.bundle;
  const short = shortId(id);
  const family = families.find((each) => each[0] === short);
  const group = family && groups[family[2]];
  if (!family || !group) {
    show(filled("unknown", {}));
    return;
  }
  const [, name, , rungs, verdict, missed, mark] = family;
  const latest = group.latest ? inWords(group.latest.held_on) : "";
  show(
    filled("family", {
      group: `/groups/${group.id}`,
      kicker: group.name,
      name,
      mark: mark ? `${latest}: ${known.presences[mark[0]] ?? ""}` : words("noMark"),
      missed: words("times", { n: missed }),
      rungs: words("rungs", { n: rungs }),
      verdict: known.verdicts[verdict ?? ""] ?? "–",
    }),
  );
}
