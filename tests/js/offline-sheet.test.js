// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { beforeOn, draftDay } from "../../static/js/offline/before.js";
import { isClockOff, latestDay, rightDay } from "../../static/js/offline/clock.js";
import { beginning, renumbered } from "../../static/js/offline/form.js";
import { apart, body, earliest, problem, said } from "../../static/js/offline/register.js";
import { truth } from "../../static/js/pages/line.js";

const ROW = { presence: "present", grasp: "", note: "", bulk: false, filled: false };
const HEAD = { lessons: [5], topic: "", starts_at: "", ends_at: "", place: "Balai" };
const BOUNDS = { latest: "2026-11-12", today: "2026-11-12", days: 35 };
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

test("a draft goes by family: one has left, one has come", () => {
  const draft = [
    ["held_on", "2026-11-12"],
    ["p1", "present"],
    ["p2", "sick"],
    ["n2", "rawat inap"],
    ["p3", "absent"],
    ["bulk", "1.3"],
    ["noted", "2.3"],
    ["families", "ani.budi.cici"],
  ];
  assert.deepEqual(renumbered(/** @type {any} */ (draft), ["aminah", "budi", "cici"]), [
    ["held_on", "2026-11-12"],
    ["p2", "sick"],
    ["n2", "rawat inap"],
    ["p3", "absent"],
    ["bulk", "3"],
    ["noted", "2.3"],
    ["families", "ani.budi.cici"],
  ]);
});

test("the first day that can be recorded is the later of two", () => {
  for (const [today, days, first] of /** @type {[string, number, string][]} */ ([
    ["2026-11-12", 35, "2026-10-08"],
    ["2026-11-30", 35, "2026-10-26"],
    ["2026-11-12", 90, "2026-10-01"],
    ["2026-01-02", 90, "2025-12-01"],
  ])) {
    assert.equal(earliest(today, days), first);
  }
});

test("what is wrong with a sheet, the first thing first", () => {
  const sheet = { held_on: "2026-11-12", head: HEAD, rows: new Map([["ani", ROW]]) };
  assert.equal(problem(sheet, null, BOUNDS), null);
  const head = { ...HEAD, lessons: [] };
  const hours = { ...HEAD, starts_at: "11:00", ends_at: "09:00" };
  const open = new Map([["ani", { ...ROW, presence: "" }]]);
  for (const [change, wanted] of /** @type {[object, string][]} */ ([
    [{ held_on: "" }, "noDate"],
    [{ held_on: "2026-11-13" }, "future"],
    [{ held_on: "2026-10-07" }, "tooOld"],
    [{ head }, "noLesson"],
    [{ head: hours }, "hours"],
    [{ rows: open }, "unmarked"],
  ])) {
    assert.equal(problem({ ...sheet, ...change }, null, BOUNDS), wanted);
  }
});

test("a correction says what is otherwise, and keeps a note it does not know", () => {
  const sick = /** @type {any} */ (["sick", null, "", null]);
  const here = /** @type {any} */ (["present", null, "", null]);
  const marks = new Map([
    ["ani", sick],
    ["budi", here],
  ]);
  const before = { version: 3, head: HEAD, marks };
  const rows = new Map([
    ["ani", { ...ROW, presence: "excused" }],
    ["budi", ROW],
  ]);
  const made = body("g", { held_on: "2026-11-12", head: HEAD, rows }, before);
  assert.deepEqual(made, {
    group: "g",
    held_on: "2026-11-12",
    base_version: 3,
    head: null,
    marks: { ani: ["excused", null, "", null] },
  });
  assert.equal(said({ ...ROW, note: "baru" }, sick)?.[3], "baru");
  assert.equal(said(ROW)?.[3], "");
});

test("notes are taken apart, and the marks that have one say so", () => {
  const made = body("g", {
    held_on: "2026-11-12",
    head: HEAD,
    rows: new Map([
      ["ani", { ...ROW, note: " rawat  inap ", bulk: true }],
      ["budi", ROW],
    ]),
  }, null);
  const { secret, plain } = apart(made);
  assert.deepEqual(secret, { ani: "rawat inap" });
  assert.deepEqual(plain.marks, {
    ani: ["present", null, "bn", null],
    budi: ["present", null, "", ""],
  });
  assert.deepEqual({ ...plain, marks: made.marks }, made);
  assert.equal(apart({ ...made, marks: { budi: ["sick", null, "", ""] } }).secret, undefined);
});

test("what was refused begins as it was said, over what stands by now", () => {
  const family = (/** @type {string} */ id) => /** @type {any} */ ([id, id, 0, 0, null, 0, null]);
  const families = ["ani", "budi", "cici"].map(family);
  const group = /** @type {any} */ ({ lesson: 7, place: "Balai", starts_at: null, ends_at: null });
  const before = /** @type {any} */ ({
    version: 4,
    head: { ...HEAD, starts_at: "08:00" },
    marks: new Map([
      ["ani", ["sick", null, "", null]],
      // Waits in the outbox, and is not lost with what was refused.
      ["budi", ["present", "good", "n", null]],
    ]),
  });
  const refused = /** @type {any} */ ({
    head: null,
    marks: { ani: ["present", "good", "bfn", null], gone: ["sick", null, "", ""] },
  });
  const given = { group, families, day: "2026-11-12", before };
  const fields = Object.fromEntries(beginning({ ...given, refused }));
  assert.deepEqual([fields.base_version, fields.lesson, fields.starts_at], ["4", "5", "08:00"]);
  assert.deepEqual([fields.p1, fields.u1, fields.n1], ["present", "good", ""]);
  assert.deepEqual([fields.p2, fields.p3], ["present", ""]);
  assert.deepEqual([fields.bulk, fields.filled, fields.noted], ["1", "1", "1"]);
  assert.equal(Object.fromEntries(beginning(given)).noted, "");
  const head = { lessons: [2, 3], topic: "Kebun", starts_at: null, ends_at: "10:00", place: "" };
  const anew = beginning({ ...given, before: null, refused: { ...refused, head } });
  assert.deepEqual(anew.filter(([name]) => name === "lesson").map(([, each]) => each), ["2", "3"]);
  assert.deepEqual(
    ["topic", "starts_at", "ends_at", "place"].map((name) => Object.fromEntries(anew)[name]),
    ["Kebun", "", "10:00", ""],
  );
});

test("no lesson of a new sheet is preset, and the hours and the place are", () => {
  const group = /** @type {any} */ ({ lesson: 7, place: "Balai", starts_at: null, ends_at: null });
  const fields = beginning({ group, families: [], day: "2026-11-12", before: null });
  assert.equal(fields.some(([name]) => name === "lesson"), false);
  assert.deepEqual(
    ["starts_at", "ends_at", "place"].map((name) => Object.fromEntries(fields)[name]),
    ["09:00", "11:00", "Balai"],
  );
});

test("what stands of a day: sent, waiting, elsewhere, or differing", () => {
  const latest = {
    held_on: "2026-11-12",
    status: "sent",
    version: 2,
    lessons: [5],
    topic: "",
    starts_at: null,
    ends_at: null,
    place: "Balai",
  };
  const past = /** @type {any} */ ([
    ["2026-11-12", "sent", 2],
    ["2026-11-03", "sent", 1],
  ]);
  const group = /** @type {any} */ ({ id: "g", past, latest });
  const family = (/** @type {string} */ presence) =>
    /** @type {any} */ (["ani", "Ani", 0, 0, null, 0, [presence, null], true]);
  const stands = /** @type {any} */ (beforeOn("2026-11-12", group, [family("sick")], []));
  assert.deepEqual([stands.version, stands.marks.get("ani")], [2, ["sick", null, "", null]]);
  assert.equal(beforeOn("2026-11-12", group, [family("not_marked")], []), "differs");
  assert.equal(beforeOn("2026-11-03", group, [family("sick")], []), "other");
  assert.equal(beforeOn("2026-11-05", group, [family("sick")], []), null);
});

test("a draft is told of until something waits over it", () => {
  const past = /** @type {any} */ ([
    ["2026-11-12", "sent", 1],
    ["2026-11-11", "draft", 1],
    ["2026-10-05", "draft", 3],
  ]);
  const group = /** @type {any} */ ({ id: "g", past });
  const over = (/** @type {string} */ of, /** @type {string} */ held_on) =>
    /** @type {any} */ ([{ id: "1", seq: 1, body: { group: of, held_on } }]);
  assert.equal(draftDay(group, []), "2026-11-11");
  assert.equal(draftDay(group, [], "2026-10"), "2026-10-05");
  assert.equal(draftDay(group, [], "2026-09"), "");
  assert.equal(draftDay(group, over("g", "2026-11-11")), "2026-10-05");
  assert.equal(draftDay(group, over("another", "2026-11-11")), "2026-11-11");
});

test("the day on a phone whose clock is wrong", () => {
  const noon = Date.parse("2026-11-12T12:00:00");
  const right = { at: noon, clock: noon };
  assert.equal(isClockOff(right, noon + DAY), false);
  assert.equal(rightDay(right, noon + DAY), "2026-11-13");
  const ahead = { at: noon, clock: noon + 30 * DAY };
  assert.equal(isClockOff(ahead, noon + 31 * DAY), true);
  assert.equal(rightDay(ahead, noon + 31 * DAY), "2026-11-13");
  // Turned back since: nobody knows how long ago the last contact was.
  const back = noon - 300 * DAY;
  assert.equal(isClockOff(right, back), true);
  assert.equal(rightDay(right, back), "2026-11-12");
  assert.equal(latestDay(right, back), "9999-12-31");
});

test("the line says what is true", () => {
  const now = { isAway: false, line: "ok", left: 0, attention: 0, others: 0 };
  for (const [change, words] of /** @type {[object, string][]} */ ([
    [{}, "allSent"],
    // What somebody else has left here is not sent.
    [{ others: 4 }, "ownSent"],
    [{ others: 4, left: 3 }, "someLeft"],
    [{ others: 4, isAway: true }, "away"],
    [{ left: 3 }, "someLeft"],
    [{ isAway: true }, "away"],
    [{ isAway: true, left: 3 }, "awaySomeLeft"],
    // What is lost with this page comes before what is safe on the phone.
    [{ isAway: true, isOpen: true }, "awayUnsaved"],
    [{ isAway: true, isOpen: true, left: 3, attention: 2 }, "awayUnsaved"],
    [{ line: "portal", isOpen: true, left: 3 }, "awayUnsaved"],
    [{ isAway: true, isKept: true }, "awayKept"],
    [{ isAway: true, isKept: true, left: 3 }, "awaySomeLeft"],
    [{ isAway: true, isKept: true, isOpen: true }, "awayUnsaved"],
    [{ isOpen: true }, "allSent"],
    [{ isAway: true, attention: 2 }, "awayAttention"],
    [{ isAway: true, attention: 2, left: 3 }, "awayBoth"],
    [{ line: "portal", left: 3 }, "awaySomeLeft"],
    // The server is there and has trouble of its own.
    [{ line: "retry", left: 3 }, "someLeft"],
    [{ line: "sign_in", left: 3 }, "signIn"],
    [{ line: "sign_in", attention: 3 }, "attention"],
    [{ left: 2, attention: 1 }, "attentionBoth"],
    [{ left: 3, line: "refused_by_server" }, "refused"],
    [{ left: 3, line: "refused_by_server", attention: 1 }, "attentionBoth"],
    [{ line: "refused_by_server" }, "allSent"],
    [{ attention: 2 }, "attention"],
  ])) {
    assert.equal(truth({ ...now, ...change }), words);
  }
});
