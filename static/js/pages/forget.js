// @ts-check
/** Somebody signed in who does not work without signal: no family of others stays on this phone. */

import { Caseload } from "../offline/caseload.js";

export async function start() {
  // Where nothing was ever kept, nothing is made either.
  const known = await indexedDB.databases?.();
  if (!known || known.some(({ name }) => name === "pkh-caseload")) {
    await new Caseload().forget();
  }
}
