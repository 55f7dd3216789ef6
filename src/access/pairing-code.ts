import { createHmac } from "node:crypto";
import { randomText } from "../clock/clock.ts";

/** Capital letters of which no two look alike on a phone or in handwriting; without vowels they spell nothing. */
const ALPHABET = "BCDFGHJKMNPQRSTVWXZ";
/** 19⁸ are 17 thousand million: five guesses an hour find none. */
const LENGTH = 8;

/** Draws a code; two that are open at the same time are alike once in a thousand million. */
export function drawPairingCode(): string {
  return randomText(ALPHABET, LENGTH);
}

/** A code as somebody typed it, in the form in which it was drawn: case, spaces, dashes and code marks don't count. */
export function readPairingCode(text: string): string {
  return text.toUpperCase().replace(/[\s\p{Pd}`]/gu, "");
}

/** What is stored of a code: whoever reads the database, or a backup of it, learns none. `salt` is the installation's. */
export function pairingCodeHash(code: string, salt: string): string {
  return createHmac("sha256", salt).update(code).digest("hex");
}
