// @ts-check
/**
 * Seals what is recorded without signal to the server's key: whoever finds the phone cannot read
 * it, and neither can the phone. A correction is another command.
 */

import { fromLetters, toLetters } from "./commands.js";

/**
 * @typedef {{ id: string, spki: string }} ServerKey RSA of the server, in Base64
 * @typedef {{ sealed: { key: string, wrapped: string, nonce: string, data: string } }} SealedBody
 *   key: id of the server's key; wrapped: the key of this body, by RSA-OAEP with SHA-256; data:
 *   the body as JSON and its tag, by AES-256-GCM, bound to its owner and command
 */

/**
 * @param {Record<string, unknown>} body
 * @param {{ owner: string, id: string }} command whose body it will be, and nobody else's
 * @param {ServerKey} serverKey
 * @returns {Promise<SealedBody>}
 */
export async function seal(body, { owner, id }, serverKey) {
  const utf8 = new TextEncoder();
  const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
  const [ofServer, ofBody] = await Promise.all([
    crypto.subtle.importKey("spki", fromLetters(serverKey.spki), oaep, false, ["wrapKey"]),
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]),
  ]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = utf8.encode(`${owner}|${id}`);
  const aes = { name: "AES-GCM", iv: nonce, additionalData };
  const [wrapped, data] = await Promise.all([
    crypto.subtle.wrapKey("raw", ofBody, ofServer, "RSA-OAEP"),
    crypto.subtle.encrypt(aes, ofBody, utf8.encode(JSON.stringify(body))),
  ]);
  return {
    sealed: {
      key: serverKey.id,
      wrapped: toLetters(new Uint8Array(wrapped)),
      nonce: toLetters(nonce),
      data: toLetters(new Uint8Array(data)),
    },
  };
}
