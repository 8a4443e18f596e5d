// @ts-check
/** Who is about to sign in is told what lies on this phone, and that it waits for whoever made it. */

import { Store } from "../outbox/store.js";

/** @param {HTMLElement} element */
export async function start(element) {
  // Where nothing was ever kept, nothing is made either.
  const known = await indexedDB.databases?.();
  if (known && !known.some(({ name }) => name === "pkh-outbox")) {
    return;
  }
  const number = await new Store().others().catch(() => 0);
  const place = element.querySelector(".notice div");
  if (place && number > 0) {
    place.textContent = (element.dataset.words ?? "").replace("{n}", String(number));
    element.hidden = false;
  }
}
