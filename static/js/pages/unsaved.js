// @ts-check
/** Whether this page of the server holds what is nowhere else. */

/** Of forms that are filled in; not of buttons, nor of a search. */
const FORMS = "main form[method=post]:is(.form, .stack, .panel)";

/** @returns {boolean} whether this page answers a form: what stands in it was typed */
export function isAnswer() {
  return document.querySelector("main[data-answer]") !== null;
}

/**
 * Whether leaving the page loses anything. What the phone keeps as well (`begun.js`) is not lost.
 *
 * @returns {boolean}
 */
export function isLost() {
  const isTyped = isAnswer();
  const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll(FORMS)]);
  return forms.some(
    (form) => form.dataset.kept === undefined && (isTyped || [...form.elements].some(isChanged)),
  );
}

/** @returns {boolean} whether there is a form of which that is true */
export function isKept() {
  return document.querySelector("main form[data-kept]") !== null;
}

/**
 * Also by the browser, which has brought back what was typed before.
 *
 * @param {Element} field
 * @returns {boolean}
 */
export function isChanged(field) {
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    const first = Math.max(
      0,
      options.findIndex((each) => each.defaultSelected),
    );
    return field.selectedIndex !== first;
  }
  if (field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type)) {
    return field.checked !== field.defaultChecked;
  }
  const isText = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  return isText && field.name !== "" && field.value !== field.defaultValue;
}
