// @ts-check
/** What a phone shows without signal: the page that belongs to the address. */

import { Caseload } from "../offline/caseload.js";
import { filled } from "../offline/dom.js";
import { Store } from "../outbox/store.js";

/**
 * @typedef {{ caseload: Caseload, store: Store, owner: string,
 *   kept: import("../offline/caseload.js").Kept, id: string, words: Words,
 *   show: (page: Node) => void, mend?: import("../outbox/store.js").Item }} Context
 *   mend: what the server has refused, to be said anew
 * @typedef {Record<"presences" | "verdicts" | "kinds" | "outcomes", Record<string, string>>} Words
 */

const ID = "[0-9a-f-]{36}";
/** The outbox needs no caseload: it is open when the list is closed. To mend something does. */
const OUTBOX = "outbox";
/** @type {[RegExp, string][]} */
const PAGES = [
  [/^\/(?:offline)?$/, "today"],
  [/^\/outbox$/, OUTBOX],
  [new RegExp(`^/groups/(${ID})$`), "group"],
  [new RegExp(`^/groups/(${ID})/meetings/new$`), "sheet"],
  [new RegExp(`^/households/(${ID})$`), "family"],
  [new RegExp(`^/households/(${ID})/economics/observations/new$`), "observation"],
  [new RegExp(`^/households/(${ID})/readiness$`), "readiness"],
];

/** @param {HTMLElement} element */
export async function start(element) {
  const caseload = new Caseload();
  const store = new Store();
  const show = (/** @type {Node} */ page) => {
    element.replaceChildren(page);
    const title = element.querySelector("h1")?.textContent;
    if (title) {
      document.title = `${title} – PKH Graduasi`;
    }
    globalThis.scrollTo(0, 0);
  };
  const owner = await caseload.owner().catch(() => "");
  const [name, id] = pageOf(location.pathname);
  const kept = owner
    ? await caseload.load(owner).catch(() => /** @type {const} */ ("none"))
    : "none";
  const needsNames = name !== OUTBOX || location.search !== "";
  if (!owner || (needsNames && kept === "none")) {
    show(filled("nobody", {}));
    return;
  }
  if (needsNames && typeof kept !== "object") {
    show(filled("closed", {}));
    return;
  }
  const words = JSON.parse(element.dataset.words ?? "");
  /** @type {any} */
  const context = { caseload, store, owner, kept, id, words, show };
  if (name === "unknown") {
    show(filled("unknown", { again: location.href }));
    globalThis.addEventListener("online", () => location.reload());
    return;
  }
  try {
    const page = await import(`../offline/${name}.js`);
    await page.open(context);
  } catch (error) {
    show(filled("unknown", { again: location.href }));
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {[string, string]} name of the page, and the id in its address
 */
export function pageOf(path) {
  for (const [shape, name] of PAGES) {
    const found = path.match(shape);
    if (found) {
      return [name, found[1] ?? ""];
    }
  }
  return ["unknown", ""];
}
