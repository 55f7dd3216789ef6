import type { RandomNumbers } from "../../test/support/random-numbers.ts";

/** A secret, and a message that gives it away. */
export interface Secret {
  /** What must not be found anywhere but in the transcript. */
  readonly needle: string;
  readonly text: string;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX = "0123456789abcdef";

/** Ways of giving a secret away: keys, tokens, passwords in several words, numbers. */
export function newSecret(random: RandomNumbers): Secret {
  const drawn = (length: number, from = LETTERS) =>
    Array.from({ length }, () => from.charAt(random.below(from.length))).join("");
  const digits = (length: number) => drawn(length, "0123456789");
  const word = `${drawn(5, "abcdefghijkmnopqrstuvwxyz")}${digits(3)}`;
  const ways: readonly (() => Secret)[] = [
    () => of(drawn(32), (key) => `The key of the endpoint is sk-${key}, please use it.`),
    () => of(drawn(36), (key) => `I made a token for you: ghp_${key}`),
    () => of(drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), (key) => `AWS says AKIA${key}`),
    () => of(drawn(40), (key) => `AWS_SECRET_ACCESS_KEY=${key}`),
    () => of(`${digits(11)}-${drawn(24)}`, (key) => `Slack gave me xoxb-${key}`),
    () => of(word, (value) => `My password is ${value}, remember it.`),
    () => of(word, (value) => `The wifi password for guests: ${value}`),
    () => of(word, (value) => `I use ${value} as the password for the office.`),
    () => of(word, (value) => `Log in with password "${value}" please`),
    () => of(word, (value) => `I changed my password to ${value}.`),
    () => of(word, (value) => `The guest network takes ${value} as passphrase`),
    () => of(word, (value) => `Mein Passwort lautet ${value}`),
    () => of(word, (value) => `postgres://admin:${value}@db.example.org/main is the database`),
    () => of(digits(6), (value) => `The recovery code is ${value}.`),
    () => of(digits(6), (value) => `My PIN is ${value}`),
    () => of(drawn(40, HEX), (value) => `Use the secret ${value} for signing`),
    () => of(cardNumber(digits(15)), (value) => `Charge my card ${value} for it.`),
    () => of(drawn(43), (value) => `Authorization: Bearer ${value}`),
  ];
  return random.oneOf(ways)();
}

function of(needle: string, say: (needle: string) => string): Secret {
  return { needle, text: say(needle) };
}

/** With its check digit (Luhn). */
function cardNumber(fifteen: string): string {
  const sum = [...`4${fifteen.slice(1)}`].reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `4${fifteen.slice(1)}${(10 - (sum % 10)) % 10}`;
}
