// @ts-check
/**
 * Photos of meetings, taken without signal: made small, sealed and kept at once. What is sealed
 * cannot be shown again, so the page says how many there are.
 */

import { toLetters } from "../outbox/commands.js";
import { OutboxError } from "../outbox/database.js";
import { sealBytes } from "../outbox/sealing.js";
import { redrawn } from "../pages/evidence.js";
import { complain, filled, inWords, words } from "./dom.js";

/** As the server keeps them. */
const BOUNDS = { longest: 1280, most: 200_000 };
/** Of one meeting (`meetings.rules.photos`); the server refuses more. */
const MOST = 6;

/** @typedef {Parameters<import("../outbox/store.js").Store["add"]>[0]} Said */

/**
 * A part of a page, with a line for each meeting.
 *
 * @param {import("../pages/shell.js").Context} context
 * @param {import("./caseload.js").Group} group
 * @param {string[]} days
 * @returns {DocumentFragment}
 */
export function photosOf({ store, owner, caseload }, { id: group, name }, days) {
  const part = filled("photos", { days: days.map((day) => ({ day: inWords(day) })) });
  const section = /** @type {HTMLElement} */ (part.firstElementChild);
  const again = /** @type {HTMLElement} */ (part.querySelector("button"));
  const lines = [...part.querySelectorAll("li")];
  /** @type {Said[]} made, and not kept so far */
  const left = [];

  const show = async () => {
    const items = await store.list(owner);
    lines.forEach((line, at) => {
      const n = items.filter(({ about }) => Object(about).of === group + days[at]).length;
      const [text, inputs] = /** @type {HTMLElement[]} */ ([
        ...line.querySelectorAll("small, div + div"),
      ]);
      text.textContent = n ? words("photosKept", { n }) : "";
      inputs.hidden = n >= MOST;
    });
  };

  /**
   * @param {Blob} file
   * @param {string} day
   */
  const make = async (file, day) => {
    const key = await caseload.serverKey();
    const picture = await redrawn(file, BOUNDS).catch(() => null);
    if (!key || !picture) {
      complain(section, words(key ? "noPhoto" : "noKey"));
      return;
    }
    const id = crypto.randomUUID();
    const { data, ...seal } = await sealBytes(await picture.arrayBuffer(), { owner, id }, key);
    const sha256 = toLetters(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
    const sealed = { ...seal, tag: toLetters(data.slice(-16)), sha256 };
    const about = { of: group + day, what: `${name}, ${inWords(day)}` };
    left.push({ id, owner, kind: "photo", body: { group, held_on: day, sealed }, about, data });
  };

  const keep = async () => {
    for (const photo of left.splice(0)) {
      await store.add(photo).catch((error) => {
        left.push(photo);
        const isFull = OutboxError.of(error).reason === "full";
        complain(section, words(isFull ? "full" : "photoNotSaved"));
      });
    }
    again.hidden = left.length === 0;
  };

  again.addEventListener("click", () => {
    complain(section, "");
    keep();
  });
  lines.forEach((line, at) => {
    line.addEventListener("change", async ({ target }) => {
      const input = /** @type {HTMLInputElement} */ (target);
      complain(section, "");
      for (const file of [...(input.files ?? [])]) {
        await make(file, days[at] ?? "").catch(() => complain(section, words("photoNotSaved")));
        await keep();
      }
      input.value = ""; // so that the same one can be chosen once more
    });
  });
  store.listen(show);
  show();
  return part;
}
