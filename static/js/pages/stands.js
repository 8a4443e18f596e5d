// @ts-check
/** A register that the server has: what was begun of it on this phone is over. */

import { forgetOlder } from "./begun.js";

/** @param {HTMLElement} element */
export async function start({ dataset: { places = "", day = "", version } }) {
  const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-page=line]"));
  const owner = line?.dataset.owner;
  if (owner) {
    await forgetOlder(owner, places.split(" "), day, Number(version)).catch(() => {});
  }
}
