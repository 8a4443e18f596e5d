// @ts-check
/** What a phone shows without signal: the page that belongs to the address. */

import { Caseload } from "../offline/caseload.js";
import { filled, words } from "../offline/dom.js";
import { Store } from "../outbox/store.js";
import { isReached } from "./reached.js";

/**
 * @typedef {{ caseload: Caseload, store: Store, owner: string,
 *   kept: import("../offline/caseload.js").Kept, id: string, words: Words,
 *   show: (page: Node) => void, mend?: import("../outbox/store.js").Item }} Context
 *   mend: what the server has refused, to be said anew
 * @typedef {Record<"presences" | "verdicts" | "kinds" | "outcomes", Record<string, string>>} Words
 */

/** The outbox needs no caseload: it is open when the list is closed. To mend something does. */
const OUTBOX = "outbox";
/** Until a page that needs signal is tried again: at first, and at most. In milliseconds. */
const SOON = 1000;
const LATE = 60_000;
/** As long as the server may take to answer that it is there. */
const PATIENCE = 8000;

/** @param {HTMLElement} element */
export async function start(element) {
  const caseload = new Caseload();
  const store = new Store();
  const show = (/** @type {Node} */ page) => {
    element.replaceChildren(page);
    // As with signal: beside the bar of a form there is no room for the menu.
    const menu = /** @type {HTMLElement | null} */ (document.querySelector(".site-nav"));
    const isForm = element.querySelector(".action-bar") !== null;
    menu?.toggleAttribute("hidden", isForm);
    document.body.classList.toggle("has-nav", !isForm);
    const title = element.querySelector("h1")?.textContent;
    if (title) {
      document.title = `${title} – PKH Graduasi`;
    }
    globalThis.scrollTo(0, 0);
  };
  const owner = await caseload.owner().catch(() => "");
  const [name, id] = pageOf(location.pathname, JSON.parse(element.dataset.pages ?? "[]"));
  const kept = owner
    ? await caseload.load(owner).catch(() => /** @type {const} */ ("none"))
    : "none";
  if (!owner) {
    const number = await store.others().catch(() => 0);
    show(filled("nobody", { left: number > 0 && words("leftHere", { n: number }) }));
    return;
  }
  const again = { again: location.href };
  const needsNames = name !== OUTBOX || location.search !== "";
  if (needsNames && typeof kept !== "object") {
    show(filled(kept === "closed" ? "closed" : "fetch", again));
    return;
  }
  const known = JSON.parse(element.dataset.words ?? "");
  /** @type {any} */
  const context = { caseload, store, owner, kept, id, words: known, show };
  if (name === "unknown") {
    /** @type {import("../offline/caseload.js").Group[]} */
    const groups = context.kept.bundle.groups;
    const listed = groups.map((group) => ({ name: group.name, page: `/groups/${group.id}` }));
    show(filled("unknown", { ...again, groups: listed }));
    comeBack();
    return;
  }
  try {
    const page = await import(`../offline/${name}.js`);
    await page.open(context);
  } catch (error) {
    show(filled("unknown", again));
    throw error;
  }
}

/**
 * Opens the page that needs signal as soon as there is some. A phone says that it has signal
 * before it carries anything, and a page may fail with a phone that never lost it: so the server
 * is asked, again and again, each time after twice as long.
 */
function comeBack() {
  let tries = Number(history.state?.tries ?? 0); // also those before the page was loaded anew
  // Whoever is on the way to another page is not fetched back.
  const leaving = new AbortController();
  const { signal } = leaving;
  globalThis.addEventListener("beforeunload", () => leaving.abort(), { signal });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const later = () => {
    clearTimeout(timer);
    if (navigator.onLine && !document.hidden) {
      timer = setTimeout(ask, Math.min(SOON * 2 ** tries++, LATE));
    }
  };
  const ask = async () => {
    const isThere = navigator.onLine && (await isReached(PATIENCE));
    if (signal.aborted) {
      return;
    }
    if (isThere) {
      history.replaceState({ tries }, "");
      location.reload();
    } else {
      later();
    }
  };
  globalThis.addEventListener("online", ask, { signal });
  document.addEventListener("visibilitychange", later, { signal });
  later();
}

/**
 * @param {string} path
 * @param {[string, string][]} pages patterns of addresses, and the names of their pages
 * @returns {[string, string]} name of the page, and the id in its address
 */
export function pageOf(path, pages) {
  for (const [shape, name] of pages) {
    const found = path.match(shape);
    if (found) {
      return [name, found[1] ?? ""];
    }
  }
  return ["unknown", ""];
}
