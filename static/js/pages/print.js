// @ts-check
/**
 * The button that prints a page, in place of the words that tell the way by the browser's menu; some
 * browsers of phones cannot print from a page, and there the words stay.
 *
 * @param {HTMLElement} element with what the button stands in first, and the words last
 */
export function start(element) {
  const button = element.querySelector("button");
  const [made, told] = /** @type {HTMLCollectionOf<HTMLElement>} */ (element.children);
  if (button && made && told && typeof window.print === "function") {
    button.addEventListener("click", () => window.print());
    made.hidden = false;
    told.hidden = true;
  }
}
