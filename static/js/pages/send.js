// @ts-check
/** A form of many marks is sent only when there is somebody to take it. */

import { isReached } from "./reached.js";

/** As long as a form waits for a sign of the server before it says that there is no signal. */
const PATIENCE = 8000;

/**
 * A page that cannot be sent now stays as it is: the browser's own error page would take its
 * marks away.
 *
 * @param {HTMLFormElement} form
 */
export function start(form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.isReached === "yes") {
      return;
    }
    event.preventDefault();
    const notice = /** @type {HTMLElement | null} */ (form.querySelector("[data-unsent]"));
    if (await isReached(PATIENCE)) {
      form.dataset.isReached = "yes";
      form.requestSubmit(event.submitter);
      form.dataset.isReached = "";
    } else if (notice) {
      notice.hidden = false;
      notice.scrollIntoView({ block: "center" });
    }
  });
}
