// @ts-check
/** Shows what is to be put right as the pages with signal do: at the top, and at each field. */

import { filled, words } from "./dom.js";

/**
 * @param {HTMLFormElement} form
 * @param {import("./facts.js").Problem[]} problems
 */
export function point(form, problems) {
  for (const old of form.querySelectorAll(".error-summary, .field-error")) {
    old.remove();
  }
  for (const old of form.querySelectorAll(".field-bad")) {
    old.classList.remove("field-bad");
    const control = old.querySelector("[aria-invalid]");
    control?.removeAttribute("aria-invalid");
    describe(control, []);
  }
  if (problems.length === 0) {
    return;
  }
  for (const [name, why, places] of problems) {
    mark(form, name, words(why, places));
  }
  const all = problems.map(([, why]) => why);
  const lines = problems.map(([name, why, places]) => {
    // Three wrong amounts read alike: there each line names its field.
    const isAlike = all.indexOf(why) !== all.lastIndexOf(why);
    const line = isAlike ? `${label(form, name)}: ${words(why, places)}` : words(why, places);
    return name ? { at: `#${name}`, line } : { whole: line };
  });
  form.prepend(filled("problems", { lines }));
  /** @type {HTMLElement | null} */ (form.querySelector(".error-summary"))?.focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} why
 */
function mark(form, name, why) {
  const control = name ? form.querySelector(`#${name}`) : null;
  const field = control?.closest(".field");
  const error = filled("field-error", { why });
  const line = error.firstElementChild;
  if (!control || !field || !line) {
    return;
  }
  line.id = `${name}-error`;
  field.classList.add("field-bad");
  describe(control, [line.id]);
  control.setAttribute("aria-invalid", "true");
  (control.parentElement?.matches(".affix") ? control.parentElement : control).before(line);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {string} without what stands behind it, as "(optional)"
 */
function label(form, name) {
  return form.querySelector(`label[for="${name}"]`)?.firstChild?.textContent?.trim() ?? "";
}

/**
 * @param {Element | null} control
 * @param {string[]} errors ids
 */
function describe(control, errors) {
  const hint = control?.closest(".field")?.querySelector(".hint")?.id;
  const all = [hint, ...errors].filter(Boolean).join(" ");
  if (all) {
    control?.setAttribute("aria-describedby", all);
  } else {
    control?.removeAttribute("aria-describedby");
  }
}
