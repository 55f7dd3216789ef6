const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
/** Visa, Mastercard, American Express, Discover, UnionPay, JCB, Diners: what issuers' numbers begin with. */
const issuers = /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6(?:011|4[4-9]|5|2)|35|3[0689])/;

/** Whether a run of digits, blanks and hyphens is the number of a payment card: an issuer's, of its length, with a right check digit. */
export function isCardNumber(run: string): boolean {
  const digits = run.replace(/\D/g, "");
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS || !issuers.test(digits)) return false;
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
