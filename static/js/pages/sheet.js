// @ts-check
/** The attendance sheet: how many are marked, a search by name, and what was tapped is kept. */

import { markTheRest, without } from "../offline/form.js";
import { Begun } from "./begun.js";

/**
 * @param {string} template words with {marked} and {left}
 * @param {number} marked
 * @param {number} total
 * @returns {string}
 */
export function counterText(template, marked, total) {
  return template.replace("{marked}", String(marked)).replace("{left}", String(total - marked));
}

/**
 * Small letters without accents and doubled spaces: what a thumb types finds the name.
 *
 * @param {string} text
 * @returns {string}
 */
export function searchable(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * Whether every word that was typed begins a word of the name.
 *
 * @param {string} name
 * @param {string} typed
 * @returns {boolean}
 */
export function matches(name, typed) {
  const words = searchable(name).split(/[\s-]+/);
  return searchable(typed)
    .split(/[\s-]+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}

/** @param {HTMLFormElement} form */
export function start(form) {
  if (help(form)) {
    restOnThePage(form);
    new Begun(form).start();
  }
}

/**
 * What makes a sheet quicker to fill in, with or without signal.
 *
 * @param {HTMLFormElement} form
 * @returns {boolean} whether it has any row
 */
export function help(form) {
  const rows = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".mark")]);
  if (rows.length > 0) {
    count(form, rows);
    search(form, rows);
    forgetBulk(form);
    keepTrue(form, rows);
    missNotes(form);
  }
  return rows.length > 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement[]} rows
 */
function count(form, rows) {
  const bar = form.querySelector(".action-bar");
  if (!bar) {
    return;
  }
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  bar.prepend(line);
  const show = () => {
    const marked = rows.filter((row) => row.querySelector("input[type=radio]:checked")).length;
    line.textContent = counterText(form.dataset.marked ?? "", marked, rows.length);
    const rest = /** @type {HTMLElement | null} */ (form.querySelector("[value=rest]"));
    if (rest) {
      rest.hidden = marked === rows.length;
    }
  };
  form.addEventListener("change", show);
  globalThis.addEventListener("pageshow", show); // going back, the browser has put the marks in by then
  show();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement[]} rows
 */
function search(form, rows) {
  const box = /** @type {HTMLElement | null} */ (form.querySelector(".sheet-search"));
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("#search"));
  const nobody = /** @type {HTMLElement | null} */ (form.querySelector("[data-nobody]"));
  if (!box || !input || !nobody) {
    return;
  }
  box.hidden = false;
  const names = rows.map((row) => row.querySelector(".mark-name")?.textContent ?? "");
  input.addEventListener("input", () => {
    let found = 0;
    rows.forEach((row, index) => {
      row.hidden = !matches(names[index] ?? "", input.value);
      found += row.hidden ? 0 : 1;
    });
    nobody.hidden = found > 0;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
    }
  });
}

/**
 * A row that was marked with the rest and is now tapped by hand has been marked by hand, and no
 * longer says otherwise.
 *
 * @param {HTMLFormElement} form
 */
function forgetBulk(form) {
  const forget = (/** @type {EventTarget | null} */ target) => {
    const element = target instanceof HTMLElement ? target : null;
    const [, kind, number] = element?.getAttribute("name")?.match(/^([pu])(\d+)$/) ?? [];
    const field = form.elements.namedItem(kind === "p" ? "bulk" : "filled");
    if (number && field instanceof HTMLInputElement) {
      field.value = without(field.value, number);
    }
    const label = element?.closest(".mark")?.querySelector(".mark-name small");
    if (kind === "p" && label?.textContent === form.dataset.bulk) {
      label?.remove();
    }
  };
  form.addEventListener("change", ({ target }) => forget(target));
  // Going back brings the marks as they were left, and how they were marked as the server had it.
  globalThis.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      return; // the page itself was kept, with how they were marked
    }
    for (const radio of form.querySelectorAll(".mark input[type=radio]:checked")) {
      if (!radio.hasAttribute("checked")) {
        forget(radio);
      }
    }
  });
}

/**
 * What a row says goes with its mark: nobody who is there cannot be assessed, and "not marked
 * yet" is over once it is.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement[]} rows
 */
function keepTrue(form, rows) {
  form.addEventListener("change", ({ target }) => {
    const row = rows.find((each) => target instanceof Node && each.contains(target));
    if (!row || !(target instanceof HTMLInputElement) || target.type !== "radio") {
      return;
    }
    const grasp = row.querySelector("select");
    if (grasp && target.value === "present" && grasp.value === "not_assessable") {
      grasp.value = "";
    }
    row.classList.remove("mark-bad");
    row.querySelector(".field-error")?.remove();
  });
}

/**
 * A note is nowhere but in the page until it is saved. That there was one is known, so that nobody
 * believes it still there when the page was opened anew.
 *
 * @param {HTMLFormElement} form
 */
function missNotes(form) {
  const noted = /** @type {HTMLInputElement} */ (form.elements.namedItem("noted"));
  for (const box of /** @type {NodeListOf<HTMLDetailsElement>} */ (
    form.querySelectorAll(".mark-note")
  )) {
    const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
    const number = input.name.slice(1);
    const hint = /** @type {HTMLElement} */ (box.lastElementChild);
    const tell = () => {
      hint.hidden = input.value !== "" || !noted.value.split(".").includes(number);
      box.open ||= !hint.hidden;
    };
    tell();
    globalThis.addEventListener("pageshow", tell); // where the browser has brought it back by then
    form.addEventListener("brought", tell);
    input.addEventListener("input", () => {
      hint.hidden = true; // she is writing it
      const before = noted.value;
      const others = without(before, number);
      noted.value = input.value ? [others, number].filter(Boolean).join(".") : others;
      if (noted.value !== before) {
        form.dispatchEvent(new Event("change")); // which keeps it
      }
    });
  }
}

/**
 * The rest is marked before it is sent, so that going back finds it marked.
 *
 * @param {HTMLFormElement} form
 */
function restOnThePage(form) {
  form.addEventListener("submit", (event) => {
    const { value } = /** @type {HTMLButtonElement} */ (event.submitter ?? {});
    if (value === "rest") {
      event.preventDefault();
      markTheRest(form);
      // Not from inside: a form that is being submitted takes no other.
      setTimeout(() => form.requestSubmit(form.querySelector(".action-bar [value=check]")));
    }
  });
}
