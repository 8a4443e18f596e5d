// @ts-check
/**
 * A button beside each password that shows what was typed: on a small keyboard a long password
 * is mistyped, and typing it twice helps less than seeing it once.
 *
 * @param {HTMLElement} form with the button's words in data-show and data-hide
 */
export function start(form) {
  const { show = "", hide = "" } = form.dataset;
  for (const field of form.querySelectorAll("input[type=password]")) {
    const input = /** @type {HTMLInputElement} */ (field);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.setAttribute("aria-controls", input.id);
    button.textContent = show;
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? hide : show;
    });
    // Sent as a password, so that the browser neither keeps nor suggests it as plain text.
    form.addEventListener("submit", () => {
      input.type = "password";
    });
    input.after(button);
  }
}
