// @ts-check
/** What day it is on a phone whose clock may be wrong. Pure but for the time. */

import { today } from "./dom.js";

/** A clock that differs by more puts meetings on wrong days. */
const OFF = 12 * 60 * 60_000;

/** @typedef {{ at: number, clock: number }} Contact by the server's clock, and by the phone's */

/**
 * Whether the clock was wrong at the last contact, or has been turned back since.
 *
 * @param {Contact} contact
 * @param {number} [now]
 * @returns {boolean}
 */
export function isClockOff({ at, clock }, now = Date.now()) {
  return Math.abs(clock - at) > OFF || isTurnedBack({ at, clock }, now);
}

/**
 * @param {Contact} contact
 * @param {number} now
 */
function isTurnedBack({ clock }, now) {
  return now < clock - OFF;
}

/**
 * Today as well as it can be known: by the server's clock at the last contact and the time since.
 *
 * @param {Contact} contact
 * @param {number} [now]
 * @returns {string} as 2026-11-12
 */
export function rightDay(contact, now = Date.now()) {
  const off = isClockOff(contact, now) ? contact.at - contact.clock : 0;
  return today(new Date(Math.max(now + off, isTurnedBack(contact, now) ? contact.at : 0)));
}

/**
 * The last day that can be one of the past; none can be told where the clock was turned back.
 *
 * @param {Contact} contact
 * @param {number} [now]
 * @returns {string}
 */
export function latestDay(contact, now = Date.now()) {
  return isTurnedBack(contact, now) ? "9999-12-31" : rightDay(contact, now);
}
