// @ts-check
/**
 * All groups without signal: the way to families of those that have not met, while Home lists
 * what is to be done this month.
 */

import { filled, words } from "./dom.js";

/**
 * What every list of groups says of one, and where it leads.
 *
 * @param {import("./caseload.js").Bundle} bundle
 * @param {number} place in its groups
 */
export function rowOf({ groups, families }, place) {
  return {
    name: groups[place]?.name ?? "",
    families: words("families", { n: families.filter((family) => family[2] === place).length }),
    page: `/groups/${groups[place]?.id}`,
  };
}

/** @param {import("../pages/shell.js").Context} context */
export async function open({ kept, show }) {
  const { bundle } = kept;
  const groups = bundle.groups.map((_group, place) => rowOf(bundle, place));
  show(filled("groups", { groups, none: groups.length === 0 }));
}
