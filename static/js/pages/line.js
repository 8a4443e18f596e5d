// @ts-check
/**
 * The line at the top: whether there is signal and whether all is sent. It also does what makes
 * it true: keeps the app and the caseload on the phone, and sends what waits.
 */

import { Caseload } from "../offline/caseload.js";
import { keepApp } from "../offline/worker.js";
import { Sender } from "../outbox/sender.js";
import { Store } from "../outbox/store.js";
import { isKept, isLost } from "./unsaved.js";

/** How old the caseload may get while pages are being opened. */
const FRESH = 10 * 60_000;
/** Until a line that was said to be there is looked at again, or has been waited for enough. */
const SOON = 2000;

/**
 * @typedef {"allSent" | "ownSent" | "someLeft" | "away" | "awayKept" | "awayUnsaved" | "awaySomeLeft" |
 *   "awayAttention" | "awayBoth" | "signIn" | "refused" | "attention" | "attentionBoth"} Words
 */

/**
 * Which words are true. Pure.
 *
 * @param {{ isAway: boolean, line: string, left: number, attention: number, others: number,
 *   isOpen?: boolean, isKept?: boolean }} now
 *   left: what is sent by itself; attention: what is not before somebody has looked at it;
 *   others: how much lies here that somebody else has to send; isOpen: this page holds what is
 *   lost with it; isKept: this page keeps what is typed on the phone as well
 * @returns {Words}
 */
export function truth({ isAway, line, left, attention, others, isOpen = false, isKept = false }) {
  if (isAway || line === "portal") {
    if (isOpen) {
      return "awayUnsaved"; // what lies on the phone can wait
    }
    if (attention > 0) {
      return left > 0 ? "awayBoth" : "awayAttention";
    }
    return left > 0 ? "awaySomeLeft" : isKept ? "awayKept" : "away";
  }
  if (line === "sign_in" && left > 0) {
    return "signIn";
  }
  if (attention > 0) {
    return left > 0 ? "attentionBoth" : "attention";
  }
  if (left > 0) {
    return line === "refused_by_server" ? "refused" : "someLeft";
  }
  return others > 0 ? "ownSent" : "allSent";
}

/** @param {HTMLElement} element */
export async function start(element) {
  const caseload = new Caseload();
  const store = new Store();
  const given = element.dataset.owner ?? "";
  const isShell = given === "";
  if (!isShell) {
    await caseload.signedIn(given).catch(() => {});
    forgetOnLeaving(caseload, () => store.counts(given));
  }
  const owner = given || (await caseload.owner().catch(() => ""));
  if (!owner) {
    return;
  }
  let isAway = isShell;
  // A page that came from the phone, though it may have signal: nothing is said before that is
  // found out.
  let isFoundOut = !isShell || !navigator.onLine;
  let unsent = 0;
  const address = element.getAttribute("href") ?? "";
  const sender = new Sender(store, owner);

  const show = async () => {
    const counts = await store.counts(owner).catch(() => null);
    if (!counts) {
      element.hidden = true; // better no line than one that may be wrong
      return;
    }
    // That nothing is left to send says nothing of the signal; that something has left does.
    const hasLeft = counts.unsent < unsent;
    isAway &&= !hasLeft;
    unsent = counts.unsent;
    if (!isFoundOut) {
      return;
    }
    const attention = counts.attention + counts.toLook;
    const { line } = sender.state;
    const others = await store.others(owner).catch(() => 0);
    const left = counts.unsent - counts.attention;
    const isOpen = !isShell && isLost();
    const words = truth({ isAway, line, left, attention, others, isOpen, isKept: isKept() });
    const place = element.querySelector("[role=status]");
    if (place) {
      place.textContent = withNumbers(element.dataset[words], left, attention);
    }
    sayBelow(element, "others", others);
    element.dataset.state = words.replace("Both", ""); // looks as if that were all
    // What tells her to stay does not lead away.
    words === "awayUnsaved"
      ? element.removeAttribute("href")
      : element.setAttribute("href", address);
    element.hidden = false;
    if (hasLeft) {
      await look(); // what stands now is what the next correction is about
    }
  };
  const look = async () => {
    const found = await caseload.refresh(owner).catch(() => "away");
    // An answer that crossed with the loss of the signal is no signal.
    isAway = found === "away" || !navigator.onLine;
    isFoundOut = true;
    if (found === "new" || found === "same") {
      const kept = await caseload.load(owner).catch(() => null);
      // Where nothing waits, no sending tells of another epoch.
      const { epoch } = Object(Object(kept).bundle);
      await store.settle(owner, [], { epoch }).catch(() => {});
    }
    await show();
  };

  store.listen(async ({ line }) => {
    if (!line) {
      sender.send(); // something new waits, put there by this page or by another tab
    }
    // The server may be there and have trouble of its own.
    await (line?.line === "retry" && !isAway ? look() : show());
  });
  const sayAway = () => {
    isAway = isFoundOut = true;
    show();
  };
  globalThis.addEventListener("offline", sayAway);
  document.addEventListener("input", () => {
    if (isAway && element.dataset.state !== "awayUnsaved") {
      show();
    }
  });
  document.addEventListener("kept", () => isAway && show());
  globalThis.addEventListener("online", async () => {
    await look();
    if (isAway) {
      setTimeout(look, SOON); // a phone says that it has signal a little before it carries anything
    }
  });
  await show();
  if (!isFoundOut) {
    setTimeout(() => isFoundOut || sayAway(), SOON);
  }
  if (!isShell) {
    keepApp().catch(() => {});
    store.phone.askToKeep().catch(() => {});
  }
  const sending = sender.start();
  const kept = await caseload.load(owner).catch(() => "none");
  // What a page says was done may have changed what the phone should know.
  const isSaid = document.querySelector(".flashes *") !== null;
  if (isShell || isSaid || typeof kept !== "object" || Date.now() - kept.clock > FRESH) {
    await look();
  }
  if (!isShell && kept === "none") {
    tellOnce(element, caseload, owner).catch(() => {});
  }
  await sending;
  await show();
}

/**
 * @param {string | undefined} text
 * @param {number} left
 * @param {number} attention
 */
function withNumbers(text = "", left = 0, attention = 0) {
  return text.replace("{n}", String(left)).replace("{a}", String(attention));
}

/**
 * When the list has come for the first time, and the app with it: from now on there is no need to
 * wait for signal.
 *
 * @param {HTMLElement} element
 * @param {Caseload} caseload
 * @param {string} owner
 */
async function tellOnce(element, caseload, owner) {
  if (navigator.serviceWorker && typeof (await caseload.load(owner)) === "object") {
    await navigator.serviceWorker.ready;
    sayBelow(element, "ready", 1);
  }
}

/**
 * A line of its own, as that not all on this phone is hers: she must not clear it.
 *
 * @param {HTMLElement} element
 * @param {"others" | "ready"} name of its words
 * @param {number} number 0: nothing is said
 */
function sayBelow(element, name, number) {
  const place = /** @type {HTMLElement | null} */ (element.querySelector(`[data-${name}]`));
  if (place) {
    const text = (place.dataset[name] ?? "").replace("{n}", String(number));
    place.replaceChildren(...(number > 0 ? [document.createElement("br"), text] : []));
    place.hidden = number === 0;
  }
}

/**
 * Signing out takes the names off the phone, whether or not the server hears of it. What is not
 * sent yet stays, for her alone; she is asked first.
 *
 * @param {Caseload} caseload
 * @param {() => Promise<import("../outbox/store.js").Counts>} counts
 */
function forgetOnLeaving(caseload, counts) {
  for (const form of document.querySelectorAll("form")) {
    if (new URL(form.action).pathname === "/logout") {
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const now = await counts().catch(() => null);
        if (!now?.unsent || (await wantsToLeave(now.unsent - now.attention, now.attention))) {
          await caseload.forget().catch(() => {});
          form.submit();
        }
      });
    }
  }
}

/**
 * @param {number} left
 * @param {number} attention what the server has refused: "send first" does not send it
 * @returns {Promise<boolean>}
 */
function wantsToLeave(left, attention) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("leaving"));
  const why = dialog?.querySelector("p");
  const look = dialog?.querySelector("a");
  const leave = dialog?.querySelector("button");
  if (!dialog || !why || !look || !leave) {
    return Promise.resolve(true);
  }
  const { left: onlyLeft, both, attention: onlyAttention } = why.dataset;
  const said = left === 0 ? onlyAttention : attention === 0 ? onlyLeft : both;
  why.textContent = withNumbers(said, left, attention);
  look.textContent = (left === 0 ? look.dataset.look : look.dataset.send) ?? "";
  dialog.showModal();
  return new Promise((resolve) => {
    leave.addEventListener("click", () => resolve(true), { once: true });
    dialog.addEventListener("close", () => resolve(false), { once: true });
  });
}
