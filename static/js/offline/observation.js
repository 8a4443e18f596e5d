// @ts-check
/** What was seen of a family's economy, recorded without signal. */

import { observed } from "./facts.js";
import { record } from "./recording.js";

/** @param {import("../pages/shell.js").Context} context */
export async function open(context) {
  await record(context, { kind: "observation", day: "observed_on", values: {}, read: observed });
}
