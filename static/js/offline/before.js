// @ts-check
/**
 * What stands of a meeting as far as the phone knows: what was fetched, and over it what waits in
 * the outbox. Pure.
 *
 * @typedef {import("./register.js").Before} Before
 * @typedef {import("./caseload.js").Group} Group
 * @typedef {import("./caseload.js").Family} Family
 */

/** @param {Before | null | "other" | "differs"} before */
export function versionOf(before) {
  return before !== null && typeof before === "object" ? before.version : 0;
}

/**
 * The latest day that has a draft on the server and nothing over it on this phone.
 *
 * @param {Group} group
 * @param {import("./waiting.js").Register[]} waiting
 * @param {string} [month] as 2026-11; without: of any
 * @returns {string} empty: there is none
 */
export function draftDay(group, waiting, month = "") {
  const own = waiting.filter(({ body }) => body.group === group.id);
  const days = group.past.filter(([, status]) => status === "draft").map(([day]) => day);
  const is = (/** @type {string} */ day) =>
    day.startsWith(month) && !own.some(({ body }) => body.held_on === day);
  return days.find(is) ?? "";
}

/**
 * What stands of that day as far as the phone knows; "other": it stands, and is not on the phone.
 *
 * @param {string} day
 * @param {Group} group
 * @param {Family[]} families
 * @param {import("./waiting.js").Register[]} waiting
 * @returns {Before | null | "other" | "differs"} differs: phones do not agree about it, and who
 *   says what can only be seen with signal
 */
export function beforeOn(day, group, families, waiting) {
  const own = waiting.filter(({ body }) => body.group === group.id && body.held_on === day);
  const latest = group.latest;
  /** @type {Before | null} */
  let before = null;
  if (latest?.held_on === day && families.some((family) => family[6]?.[0] === "not_marked")) {
    return "differs";
  }
  if (latest?.held_on === day) {
    const marks = families.flatMap(([family, , , , , , mark]) =>
      mark ? [/** @type {const} */ ([family, [mark[0], mark[1], "", null]])] : [],
    );
    const { lessons, topic, starts_at, ends_at, place, version } = latest;
    const head = {
      lessons,
      topic,
      starts_at: starts_at ?? "",
      ends_at: ends_at ?? "",
      place,
    };
    before = { version, head, marks: new Map(marks.map(([key, mark]) => [key, [...mark]])) };
  } else if (group.past.some(([held_on]) => held_on === day)) {
    return "other";
  }
  for (const { body: said } of own) {
    const marks = new Map([...(before?.marks ?? []), ...Object.entries(said.marks)]);
    const head = said.head ?? before?.head;
    before = head ? { version: said.base_version, head, marks } : before;
  }
  return before;
}
