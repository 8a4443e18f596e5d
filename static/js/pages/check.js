// @ts-check
/** The page that says what will be saved: until it is, the phone keeps it. */

import { Begun } from "./begun.js";

/** @param {HTMLFormElement} form */
export function start(form) {
  new Begun(form).start();
}
