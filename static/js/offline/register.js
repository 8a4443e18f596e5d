// @ts-check
/**
 * A sheet as it is filled in, and the command that it becomes. Pure.
 *
 * @typedef {{ presence: string, grasp: string, note: string, bulk: boolean, filled: boolean }} Row
 * @typedef {{ lessons: number[], topic: string, starts_at: string, ends_at: string,
 *   place: string }} Head
 * @typedef {{ held_on: string, head: Head, rows: Map<string, Row> }} Sheet
 *   rows: by family, in 22 letters
 * @typedef {[string, string | null, string, string | null]} Said
 *   presence, understanding, how it was marked, note; a note of null: as it is there, or sealed,
 *   where n is among the letters
 * @typedef {{ version: number, head: Head, marks: Map<string, Said> }} Before
 *   what stands already, as far as the phone knows: sent, or waiting in the outbox
 * @typedef {"noDate" | "future" | "tooOld" | "noLesson" | "hours" | "unmarked" | "nothing"} Problem
 */

/**
 * @param {Row} row
 * @param {Said} [before] a note that stands there and is not on the phone is kept
 * @returns {Said | null} null: not marked
 */
export function said({ presence, grasp, note, bulk, filled }, before) {
  if (!presence) {
    return null;
  }
  const isPresent = presence === "present";
  const letters = (bulk && isPresent ? "b" : "") + (filled && isPresent && grasp ? "f" : "");
  const words = oneLine(note) || (before?.[3] === null ? null : "");
  return [presence, isPresent && grasp ? grasp : null, letters, words];
}

/**
 * The first day that a meeting can still be recorded of: not before last month, and not longer
 * ago than the installation allows (`meetings.rules.date_problem`).
 *
 * @param {string} today as 2026-11-12
 * @param {number} days
 * @returns {string}
 */
export function earliest(today, days) {
  const [year = 0, month = 0] = today.split("-").map(Number);
  const before = month === 1 ? [year - 1, 12] : [year, month - 1];
  const first = `${before[0]}-${String(before[1]).padStart(2, "0")}-01`;
  const back = new Date(Date.parse(`${today}T12:00:00Z`) - days * 24 * 60 * 60_000);
  const bound = back.toISOString().slice(0, 10);
  return bound > first ? bound : first;
}

/**
 * @param {Sheet} sheet
 * @param {Before | null} before
 * @param {{ latest: string, today: string, days: number }} bounds of the day, by the best clock
 *   there is
 * @returns {Problem | null} the first thing to mend
 */
export function problem(sheet, before, bounds) {
  const { held_on, head, rows } = sheet;
  if (!/^\d{4}-\d\d-\d\d$/.test(held_on)) {
    return "noDate";
  }
  if (held_on > bounds.latest) {
    return "future";
  }
  if (held_on < earliest(bounds.today, bounds.days)) {
    return "tooOld";
  }
  if (head.lessons.length === 0 && !oneLine(head.topic)) {
    return "noLesson";
  }
  if (head.starts_at && head.ends_at && head.ends_at <= head.starts_at) {
    return "hours";
  }
  if (unmarked(rows) > 0) {
    return "unmarked";
  }
  return before && isSame(body("", sheet, before)) ? "nothing" : null;
}

/**
 * @param {Map<string, Row>} rows
 * @returns {number}
 */
export function unmarked(rows) {
  return [...rows.values()].filter((row) => !row.presence).length;
}

/**
 * What is sent: all of a new meeting; of one that stands already, what is said otherwise now.
 *
 * @param {string} group
 * @param {Sheet} sheet
 * @param {Before | null} before
 */
export function body(group, sheet, before) {
  /** @type {Record<string, Said>} */
  const marks = {};
  for (const [family, row] of sheet.rows) {
    const stands = before?.marks.get(family);
    const mark = said(row, stands);
    if (mark && !isAlike(mark, stands)) {
      marks[family] = mark;
    }
  }
  const head = headOf(sheet.head);
  const isSaid = before !== null && JSON.stringify(headOf(before.head)) === JSON.stringify(head);
  return {
    group,
    held_on: sheet.held_on,
    base_version: before?.version ?? 0,
    // A meeting that the server does not have yet needs it with whatever comes first.
    head: isSaid && before.version > 0 ? null : head,
    marks,
  };
}

/**
 * What may lie on the phone, and what may not: the notes, by family, whose mark says that its note
 * is sealed.
 *
 * @param {ReturnType<typeof body>} said
 */
export function apart(said) {
  /** @type {Record<string, string> | undefined} none: no note */
  let secret;
  const marks = { ...said.marks };
  for (const [family, [presence, grasp, how, note]] of Object.entries(marks)) {
    if (note) {
      secret = { ...secret, [family]: note };
      marks[family] = [presence, grasp, `${how}n`, null];
    }
  }
  return { secret, plain: { ...said, marks } };
}

/** @param {ReturnType<typeof body>} said */
function isSame(said) {
  return said.head === null && Object.keys(said.marks).length === 0;
}

/**
 * Letters say how it was marked, and are no other mark.
 *
 * @param {Said} mark
 * @param {Said | undefined} other
 */
function isAlike(mark, other) {
  return other !== undefined && [0, 1, 3].every((at) => mark[at] === other[at]);
}

/** @param {Head} head */
function headOf({ lessons, topic, starts_at, ends_at, place }) {
  return {
    lessons: [...lessons].sort((a, b) => a - b),
    topic: oneLine(topic),
    starts_at: starts_at || null,
    ends_at: ends_at || null,
    place: oneLine(place),
  };
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * @param {Map<string, Row>} rows
 * @returns {{ present: number, away: number }}
 */
export function figures(rows) {
  const marked = [...rows.values()].filter((row) => row.presence);
  const present = marked.filter((row) => row.presence === "present").length;
  return { present, away: marked.length - present };
}
