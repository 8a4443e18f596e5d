// @ts-check
/** A register that the server has: what was begun of it on this phone is over. */

import { forgetOlder } from "./begun.js";

/** @param {HTMLElement} element */
export async function start({ dataset: { places = "", day = "", version } }) {
  await forgetOlder(places.split(" "), day, Number(version)).catch(() => {});
}
