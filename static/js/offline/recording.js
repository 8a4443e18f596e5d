// @ts-check
/**
 * Recording what lies on no phone: it is sealed to the server's key the moment it is saved. Until
 * then it stands in the form and nowhere else, so there is no draft, and the browser is told not
 * to keep the fields either (`autocomplete="off"`): it writes those of open pages to its disk.
 */

import { isClockOff, latestDay, rightDay } from "./clock.js";
import { complain, filled, inWords, words } from "./dom.js";
import { askedAbout, isBegun } from "./facts.js";
import { familyOf } from "./family.js";
import { point } from "./problems.js";
import { savedPage } from "./saved.js";
import { keep } from "./waiting.js";

/**
 * @typedef {import("../pages/shell.js").Context} Context
 * @typedef {{ kind: "observation" | "readiness", day: string,
 *   values: import("./dom.js").Values, prepare?: (form: HTMLFormElement) => void,
 *   read: (form: FormData, given: import("./facts.js").Given) => import("./facts.js").Read
 * }} Page kind: also the name of its template; day: name of its field
 */

/**
 * @param {Context} context
 * @param {Page} page
 */
export async function record(context, page) {
  const { mend } = context;
  const family = familyOf(context.kept.bundle, context.id);
  // The server takes nothing more of a family whose graduation is approved.
  if (!family?.[7]) {
    context.show(filled(mend ? "gone" : "unknown", {}));
    return;
  }
  const address = mend ? "/outbox" : `/households/${context.id}`;
  if (!(await context.caseload.serverKey().catch(() => null))) {
    context.show(filled("no-key", { family: address }));
    return;
  }
  const [, name] = family;
  const copy = filled(page.kind, {
    ...page.values,
    family: address,
    name,
    clock: isClockOff(context.kept),
  });
  const form = /** @type {HTMLFormElement} */ (copy.querySelector("form"));
  page.prepare?.(form);
  const day = /** @type {HTMLInputElement} */ (form.elements.namedItem(page.day));
  day.value = rightDay(context.kept);
  day.max = latestDay(context.kept);
  new Recording(context, page, name, form).listen();
  context.show(copy);
}

class Recording {
  /** It has its id from the start: pressed twice, it is saved once. */
  #id = crypto.randomUUID();
  #isSaving = false;
  /** @type {Record<string, string>} */
  #asked = {};

  /**
   * @param {Context} context
   * @param {Page} page
   * @param {string} name of the family
   * @param {HTMLFormElement} form
   */
  constructor(context, page, name, form) {
    this.context = context;
    this.page = page;
    this.name = name;
    this.form = form;
  }

  listen() {
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!this.#isSaving) {
        this.#isSaving = true;
        await this.#save().finally(() => {
          this.#isSaving = false;
        });
      }
    });
    globalThis.onbeforeunload = (event) => {
      if (isBegun(new FormData(this.form))) {
        event.preventDefault();
      }
    };
  }

  async #save() {
    const { context, form, page } = this;
    const typed = new FormData(form);
    const { problems, on, body } = page.read(typed, {
      household: context.id,
      today: latestDay(context.kept),
      earliest: form.dataset.earliest ?? "",
      limits: JSON.parse(form.dataset.limits ?? "{}"),
      asked: this.#asked,
    });
    this.#asked = { ...this.#asked, ...askedAbout(typed, problems) };
    complain(form, "");
    point(form, problems);
    if (problems.length > 0) {
      return;
    }
    // Of what was said no more than this can be read on the phone.
    const what = `${this.name}, ${inWords(on)}`;
    const about = { what, family: context.id };
    const error = await keep(context, { id: this.#id, kind: page.kind, secret: body, about });
    if (error) {
      complain(form, words(error));
      return;
    }
    globalThis.onbeforeunload = null;
    context.show(
      savedPage(context, this.#id, {
        what: `${context.words.kinds[page.kind]}: ${what}`,
        sealed: true,
        family: `/households/${context.id}`,
        back: words("backTo", { name: this.name }),
      }),
    );
  }
}
