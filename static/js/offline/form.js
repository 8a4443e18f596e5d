// @ts-check
/**
 * The form of a sheet: copies of its rows get their numbers and names, and it is read and filled.
 *
 * @typedef {[string, string][]} Fields names and values, as a browser would send them
 */

/**
 * @param {HTMLFormElement} form
 * @param {string} list
 * @param {[number, string][]} lessons
 */
export function nameLessons(form, list, lessons) {
  const labels = form.querySelectorAll(`${list} > label`);
  lessons.forEach(([number, title], at) => {
    const label = labels[at];
    label?.querySelector("input")?.setAttribute("value", String(number));
    const text = label?.querySelector("span");
    if (text) {
      text.textContent = title;
    }
  });
}

/**
 * Rows come with @ where their number belongs.
 *
 * @param {HTMLFormElement} form
 * @param {string[]} names
 */
export function nameRows(form, names) {
  form.querySelectorAll(".mark").forEach((row, at) => {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["id", "for", "name", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value?.includes("@")) {
          element.setAttribute(name, value.replaceAll("@", String(at + 1)));
        }
      }
    }
    const place = row.querySelector(".mark-name");
    if (place) {
      place.textContent = names[at] ?? "";
    }
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {Fields} fields
 */
export function put(form, fields) {
  const lessons = new Set(fields.filter(([name]) => name === "lesson").map(([, value]) => value));
  if (lessons.size > 0) {
    for (const box of inputs(form, "[name=lesson]")) {
      box.checked = lessons.has(box.value);
    }
  }
  for (const [name, value] of fields) {
    const field = name === "lesson" ? null : form.elements.namedItem(name);
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement) {
      field.value = value;
    } else if (field instanceof HTMLSelectElement) {
      field.value = value;
    }
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function fieldsOf(form) {
  return [...new FormData(form)].map(([name, value]) => [name, String(value)]);
}

/** @param {HTMLFormElement} form */
export function markTheRest(form) {
  const bulk = numbers(form, "bulk");
  form.querySelectorAll(".mark").forEach((row, at) => {
    const number = String(at + 1);
    if (!row.querySelector("input[type=radio]:checked")) {
      for (const present of inputs(row, `#m${number}present`)) {
        present.checked = true;
      }
      bulk.add(number);
    }
  });
  put(form, [["bulk", [...bulk].join(".")]]);
  form.dispatchEvent(new Event("change"));
}

/**
 * @param {HTMLFormElement} form
 * @param {string[]} families in the order of the rows
 * @returns {import("./register.js").Sheet}
 */
export function read(form, families) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "");
  const bulk = numbers(form, "bulk");
  const filled = numbers(form, "filled");
  const row = (/** @type {string} */ number) => ({
    presence: text(`p${number}`),
    grasp: text(`u${number}`),
    note: text(`n${number}`),
    bulk: bulk.has(number),
    filled: filled.has(number),
  });
  return {
    held_on: text("held_on"),
    head: {
      lessons: data.getAll("lesson").map(Number),
      topic: text("topic"),
      starts_at: text("starts_at"),
      ends_at: text("ends_at"),
      place: text("place"),
    },
    rows: new Map(families.map((family, at) => [family, row(String(at + 1))])),
  };
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {Set<string>}
 */
function numbers(form, name) {
  const [field] = inputs(form, `[name=${name}]`);
  return new Set((field?.value ?? "").split(".").filter(Boolean));
}

/**
 * @param {ParentNode} root
 * @param {string} which
 * @returns {HTMLInputElement[]}
 */
function inputs(root, which) {
  return /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll(which)]);
}

/**
 * A draft for the families that the group has now: rows go by family and not by place, for one may
 * have come or gone since.
 *
 * @param {Fields} draft
 * @param {string[]} families
 * @returns {Fields}
 */
export function renumbered(draft, families) {
  const then = draft.find(([name]) => name === "families")?.[1];
  if (then === undefined) {
    return draft;
  }
  const places = then.split(".").map((family) => families.indexOf(family) + 1);
  const placeOf = (/** @type {string} */ number) => places[Number(number) - 1] ?? 0;
  return draft.flatMap(([name, value]) => {
    const [, kind, number] = name.match(/^([pun])(\d+)$/) ?? [];
    if (kind && number) {
      const place = placeOf(number);
      return place > 0 ? [/** @type {[string, string]} */ ([`${kind}${place}`, value])] : [];
    }
    if (name === "bulk" || name === "filled") {
      const there = value
        .split(".")
        .map(placeOf)
        .filter((place) => place > 0);
      return [/** @type {[string, string]} */ ([name, there.join(".")])];
    }
    return [/** @type {[string, string]} */ ([name, value])];
  });
}
