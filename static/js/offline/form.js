// @ts-check
/**
 * The form of a sheet: copies of its rows get their numbers and names, and it is read and filled.
 *
 * @typedef {import("./waiting.js").Register["body"]} Refused what is to be said anew
 * @typedef {[string, string][]} Fields names and values, as a browser would send them
 */

import { words } from "./dom.js";

/**
 * @param {import("./caseload.js").Bundle} bundle
 * @returns {[number, string][]} with the words that the page with signal has
 */
export function lessonsOf({ lessons }) {
  return lessons.map(([number, name]) => [number, words("lesson", { number, name })]);
}

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
 * What a new sheet, a correction, or one that was refused begins with. Which lesson it was is said by
 * whoever was there: as with signal, none is preset.
 *
 * @param {{ group: import("./caseload.js").Group,
 *   families: import("./caseload.js").Family[], day: string,
 *   before: import("./register.js").Before | null, refused?: Refused }} given
 * @returns {Fields}
 */
export function beginning({ group, families, day, before, refused }) {
  const { lessons, ...others } = refused?.head ??
    before?.head ?? {
      lessons: /** @type {number[]} */ ([]),
      topic: "",
      starts_at: group.starts_at ?? "09:00",
      ends_at: group.ends_at ?? "11:00",
      place: group.place,
    };
  const rows = families.map(([family]) => {
    const [presence, grasp, , note] = before?.marks.get(family) ?? ["", "", "", ""];
    return refused?.marks[family] ?? /** @type {const} */ ([presence, grasp, "", note]);
  });
  const numbers = (/** @type {string} */ letter) =>
    rows.flatMap(([, , how], at) => (how.includes(letter) ? at + 1 : [])).join(".");
  /** @type {[string, unknown][]} */
  const fields = [
    ["held_on", day],
    ["base_version", before?.version ?? 0],
    ...lessons.map((each) => /** @type {[string, unknown]} */ (["lesson", each])),
    ...Object.entries(others),
    ["bulk", numbers("b")],
    ["filled", numbers("f")],
    ["noted", numbers("n")],
  ];
  rows.forEach(([presence, grasp, , note], at) => {
    fields.push([`p${at + 1}`, presence], [`u${at + 1}`, grasp], [`n${at + 1}`, note]);
  });
  return fields.map(([name, value]) => [name, String(value ?? "")]);
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
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field && name !== "lesson") {
      field.value = value;
    }
  }
}

/**
 * Fields but for the notes, which stand in the page and nowhere else until they are sealed.
 *
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function withoutNotes(form) {
  return [...new FormData(form)].flatMap(([name, value]) =>
    /^n\d/.test(name) ? [] : [/** @type {[string, string]} */ ([name, String(value)])],
  );
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
 * Rows that had a note which is not on the phone any more, and have none now.
 *
 * @param {HTMLFormElement} form
 * @param {string[]} names in the order of the rows
 * @returns {string[]} their names
 */
export function unwritten(form, names) {
  const data = new FormData(form);
  const noted = numbers(form, "noted");
  return names.filter((_name, at) => {
    const number = String(at + 1);
    return noted.has(number) && String(data.get(`n${number}`) ?? "").trim() === "";
  });
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
 * Row numbers without one of them; numbers are joined by dots, as the server reads them.
 *
 * @param {string} numbers
 * @param {string} number
 * @returns {string}
 */
export function without(numbers, number) {
  return numbers
    .split(".")
    .filter((each) => each && each !== number)
    .join(".");
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
    if (/^(bulk|filled|noted)$/.test(name)) {
      const there = value
        .split(".")
        .map(placeOf)
        .filter((place) => place > 0);
      return [/** @type {[string, string]} */ ([name, there.join(".")])];
    }
    return [/** @type {[string, string]} */ ([name, value])];
  });
}
