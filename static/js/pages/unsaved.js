// @ts-check
/** Whether this page of the server holds what the server has not. */

/** Of forms that are filled in; not of buttons, nor of a search. */
const FORMS = "main form[method=post]:is(.form, .stack, .panel)";

/**
 * @param {boolean} isAnswer to what was sent with a form: what stands in the page was typed
 * @returns {boolean}
 */
export function isUnsaved(isAnswer) {
  const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll(FORMS)]);
  return isAnswer
    ? forms.length > 0
    : forms.some((form) => [...form.elements].some((field) => isChanged(field)));
}

/**
 * Also by the browser, which has brought back what was typed before.
 *
 * @param {Element} field
 * @returns {boolean}
 */
function isChanged(field) {
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
