// @ts-check
/**
 * What is tapped on a sheet with signal is kept on the phone, tap by tap as without signal: a page
 * that the phone has closed, that somebody went back from or that cannot be sent does not take it
 * along. Notes stay in the page: on a phone they lie sealed or not at all.
 */

import { Caseload } from "../offline/caseload.js";
import { inWords } from "../offline/dom.js";
import { put, renumbered, without, withoutNotes } from "../offline/form.js";
import { isAnswer, isChanged } from "./unsaved.js";

/** Fields that belong to the page and not to what is said with it. */
const OF_PAGE = new Set(["csrf_token", "not_kept", "register", "step"]);

export class Begun {
  #caseload = new Caseload();
  /** Names of fields that were changed since somebody listens. @type {Set<string>} */
  #touched = new Set();

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.owner = ownerOfPage();
    this.place = form.dataset.draft ?? "";
    /** Of a register that has its day: there is no field for it. */
    this.day = form.dataset.day ?? "";
    /** @type {Record<string, number>} versions by day */
    this.stands = JSON.parse(form.dataset.stands ?? "{}");
  }

  /** @returns {Promise<void>} when what the page says stands on the phone, and the other way round */
  async start() {
    if (!this.owner || !this.place) {
      return;
    }
    this.form.addEventListener("input", ({ target }) => {
      this.#touched.add(/** @type {HTMLInputElement} */ (target).name);
    });
    this.form.addEventListener("change", ({ target }) => {
      if (/** @type {HTMLElement} */ (target).id !== "search") {
        this.keep();
      }
    });
    if (isAnswer()) {
      await this.keep(); // it was sent, so nothing is newer
    } else {
      await this.#bring().catch(() => {}); // a phone that keeps nothing is no worse than paper
    }
  }

  /** Says of the form that it is kept, as far as it is all of it. */
  async keep() {
    const { form } = this;
    form.removeAttribute("data-kept");
    const fields = withoutNotes(form).filter(([name]) => !OF_PAGE.has(name));
    const noted = new Set([...fieldOf(form, "noted").split("."), ...noteNumbers(form)]);
    const families = fieldOf(form, "register");
    try {
      await this.#caseload.keepDraft(this.owner, this.place, [
        ...fields.filter(([name]) => name !== "noted"),
        .../** @type {[string, string][]} */ (this.day ? [["held_on", this.day]] : []),
        ["noted", [...noted].filter(Boolean).join(".")],
        ["families", families],
      ]);
    } catch {
      return;
    }
    form.toggleAttribute("data-kept", !hasNewNotes(form));
    form.dispatchEvent(new Event("kept", { bubbles: true }));
  }

  async #bring() {
    const register = fieldOf(this.form, "register").split(".");
    const draft = renumbered(await this.#caseload.draft(this.owner, this.place), register);
    const begun = (/** @type {string} */ name) => draft.find(([each]) => each === name)?.[1] ?? "";
    if (draft.length === 0) {
      return;
    }
    const day = begun("held_on");
    if (this.day && this.day !== day) {
      return; // of another day
    }
    if ((this.stands[day] ?? 0) !== Number(begun("base_version"))) {
      await this.#caseload.dropDraft(this.owner, this.place); // saved since, from here or elsewhere
      return;
    }
    await isShown();
    const isNew = typeOfOpening() === "navigate";
    const days = this.form.elements.namedItem("held_on");
    if (isNew && days instanceof HTMLInputElement && day && days.defaultValue !== day) {
      // Begun on another day and forgotten since: it does not slip into today's.
      this.#offer("other", inWords(day), () => this.#put(draft, this.#touched));
      return;
    }
    this.#put(draft, isNew ? changed(this.form) : this.#touched);
    if (isNew) {
      this.#offer("same", "", async () => {
        await this.#caseload.dropDraft(this.owner, this.place);
        this.form.dataset.kept = "";
        location.replace(location.href);
      });
    }
  }

  /**
   * @param {[string, string][]} draft
   * @param {ReadonlySet<string>} newer names of fields that say something newer
   */
  #put(draft, newer) {
    const numbers = (/** @type {string} */ letter) =>
      [...newer].flatMap((name) => name.match(`^${letter}(\\d+)$`)?.[1] ?? []);
    put(
      this.form,
      draft.flatMap(([name, value]) => {
        const letter = { bulk: "p", filled: "u" }[name];
        const rest = letter ? numbers(letter).reduce(without, value) : value;
        return newer.has(name) ? [] : [/** @type {[string, string]} */ ([name, rest])];
      }),
    );
    this.form.dispatchEvent(new Event("brought"));
    this.form.dispatchEvent(new Event("change"));
  }

  /**
   * @param {"same" | "other"} which
   * @param {string} day
   * @param {() => void} act
   */
  #offer(which, day, act) {
    const box = /** @type {HTMLElement | null} */ (document.querySelector(`[data-begun=${which}]`));
    const text = box?.querySelector("p");
    if (box && text) {
      text.textContent = (text.textContent ?? "").replace("{day}", day);
      box.hidden = false;
      box.querySelector("button")?.addEventListener("click", () => {
        box.hidden = true;
        act();
      });
      // What is tapped now takes its place, and must not be mixed with it.
      this.form.addEventListener("input", () => {
        box.hidden = true;
      });
    }
  }
}

/**
 * A register stands: what was begun before it did would undo what it says.
 *
 * @param {string[]} places
 * @param {string} day
 * @param {number} version
 */
export async function forgetOlder(places, day, version) {
  const caseload = new Caseload();
  const owner = ownerOfPage();
  for (const place of owner ? places : []) {
    const draft = await caseload.draft(owner, place);
    const { held_on, base_version } = Object.fromEntries(draft);
    if (held_on === day && Number(base_version) < version) {
      await caseload.dropDraft(owner, place);
    }
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function fieldOf(form, name) {
  return String(new FormData(form).get(name) ?? "");
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement[]}
 */
function notes(form) {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  return fields.filter(({ name, value }) => /^n\d+$/.test(name) && value !== "");
}

/**
 * @param {HTMLFormElement} form
 * @returns {string[]} of the rows that have one
 */
function noteNumbers(form) {
  return notes(form).map(({ name }) => name.slice(1));
}

/**
 * What an answer shows is not yet saved on the server.
 *
 * @param {HTMLFormElement} form
 */
function hasNewNotes(form) {
  return notes(form).some(({ value, defaultValue }) => isAnswer() || value !== defaultValue);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Set<string>}
 */
function changed(form) {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  return new Set(fields.filter(isChanged).map(({ name }) => name));
}

/** @returns {string} empty: nobody who works without signal */
function ownerOfPage() {
  const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-page=line]"));
  return line?.dataset.owner ?? "";
}

/** How this page came to be opened. */
function opening() {
  const [entry] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming | undefined} */ (entry);
}

/** @returns {NavigationTimingType} going back or loading anew, the browser fills in what it knows */
function typeOfOpening() {
  return opening()?.type ?? "navigate";
}

/** @returns {Promise<void>} when the browser has put in what it brings back */
async function isShown() {
  if (opening()?.loadEventEnd === 0) {
    await new Promise((resolve) => {
      globalThis.addEventListener("pageshow", resolve, { once: true });
    });
  }
}
