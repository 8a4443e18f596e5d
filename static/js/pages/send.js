// @ts-check
/** A form is sent only when there is somebody to take it, and once; and is not left unasked. */

import { isReached } from "./reached.js";
import { isLost } from "./unsaved.js";

/** As long as a form waits for a sign of the server before it says that there is no signal. */
const PATIENCE = 8000;
/** Until a form that was sent can be sent again, where the page stayed: the answer was a file. */
const ANSWERED = 15_000;

/**
 * A form that cannot be sent now stays as it is: the browser's own error page would take away what
 * was typed. For every form of the page that no script of its own has taken in hand by then.
 *
 * @param {HTMLElement} template what such a form says
 */
export function start(template) {
  const notice = /** @type {HTMLElement} */ (
    /** @type {HTMLTemplateElement} */ (template).content.firstElementChild
  );
  /** Of the one form that is on its way. @type {"" | "asked" | "taken" | "sent"} */
  let step = "";
  /** @type {Element | null} */
  let button = null;
  if (template.dataset.again !== undefined) {
    // Going back to this page, or loading it anew, does not send the form once more.
    history.replaceState(history.state, "", location.href);
  }
  const release = () => {
    step = "";
    button?.removeAttribute("aria-disabled");
  };

  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const { submitter } = event;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") {
      return;
    }
    if (step === "taken") {
      step = "sent";
      return;
    }
    event.preventDefault();
    if (step) {
      return; // pressed twice, it is sent once
    }
    step = "asked";
    button = submitter;
    button?.setAttribute("aria-disabled", "true");
    notice.remove();
    if (await isReached(PATIENCE)) {
      step = "taken";
      form.requestSubmit(submitter);
      if (step === "taken") {
        release(); // something else has stopped it
      } else {
        setTimeout(release, ANSWERED);
      }
    } else {
      release();
      const [bar, buttons] = [".action-bar", ".actions"].map((each) => submitter?.closest(each));
      const place = bar ?? buttons ?? submitter;
      offerWithout(notice, form.dataset.without);
      place && form.contains(place) ? place.before(notice) : form.append(notice);
      notice.scrollIntoView({ block: "center" });
    }
  });
  globalThis.addEventListener("beforeunload", (event) => {
    if (step !== "taken" && step !== "sent" && isLost()) {
      event.preventDefault();
    }
  });
  // Going back may bring the page as it was left.
  globalThis.addEventListener("pageshow", ({ persisted }) => persisted && release());
}

/**
 * @param {HTMLElement} notice
 * @param {string} [address] of the same page without signal, for a form that has one
 */
function offerWithout(notice, address = "") {
  const link = /** @type {HTMLAnchorElement} */ (notice.querySelector("a"));
  link.href = address;
  link.hidden = !address || !navigator.serviceWorker?.controller;
}
