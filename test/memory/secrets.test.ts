import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HIDDEN, hideSecrets, holdsSecret } from "../../src/memory/secrets.ts";

const letters = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
/** Letters as a key has them, put together here so that no scanner takes this file for a leak. */
const key = (length: number) => Array.from({ length }, (_, at) => letters[(at * 17 + 5) % letters.length]).join("");
const hex = (length: number) => Array.from({ length }, (_, at) => ((at * 7 + 3) % 16).toString(16)).join("");

const secrets: readonly string[] = [
  `sk-${key(32)}`,
  `my key is sk-${"ant-api03"}-${key(40)}`,
  `ghp_${key(36)}`,
  `github_${"pat"}_${key(40)}`,
  `glpat-${key(20)}`,
  `xoxb-${"1234567890"}-${key(20)}`,
  `AKIA${"QZ3N7XK2M5P8R4TW"}`,
  `AIza${key(35)}`,
  `123456789:${key(35)}`,
  `npm_${key(36)}`,
  `hf_${key(34)}`,
  `sk_live_${key(24)}`,
  `eyJ${key(20)}.eyJ${key(30)}.${key(40)}`,
  `-----BEGIN RSA PRIVATE ${"KEY"}-----\nMIIE\n-----END RSA PRIVATE KEY-----`,
  `-----BEGIN OPENSSH PRIVATE ${"KEY"}-----`,
  `Authorization: Bearer ${key(24)}`,
  `postgres://bob:hunter2@db.example.com/app`,
  `redis://:hunter2@cache`,
  `https://example.com/hook?token=${key(16)}`,
  "password is hunter2",
  "The password is swordfish",
  "my password: correct horse battery staple",
  "Passwort ist Sommer2024",
  "das Passwort lautet geheim",
  "contraseña: abracadabra",
  "mot de passe: fromage",
  "пароль: медведь",
  "密码是 abc12345",
  "密码：hunter22",
  "パスワードはhunter22",
  "비밀번호는 hunter22",
  "the wifi password for the guest network is bluewhale",
  "hunter2 is my password",
  "password hunter2",
  "the password is always hunter2",
  "the password is not hunter1 any more but hunter2",
  "I use kqwzp482 as the password for the office.",
  "nimm kqwzp482 als Passwort",
  "The guest network takes kqwzp482 as passphrase",
  "try kqwzp482, it's my password",
  "The password for the wifi kqwzp482",
  "I changed my password to swordfish.",
  "Uses swordfish as their wifi password.",
  "my new password will be swordfish7",
  "pw: kqwzp482",
  "the code for the gate: 482911",
  "PIN: 4711",
  "my bank PIN is 0815",
  "verification code 482913",
  "the door code is 4711",
  "recovery codes: ab12-cd34",
  "cvv 123",
  "seed phrase: apple banana cherry date elder fig grape honey iris jade kiwi lemon",
  "DB_PASSWORD=letmein",
  `export API_TOKEN=${key(12)}`,
  "api key: a1b2c3d4e5",
  "credentials are admin/hunter2",
  "4111 1111 1111 1111",
  "card 5500-0000-0000-0004",
  "378282246310005",
  "SSN 536-22-8731",
  key(40),
  `the value is ${key(28)}.`,
  `key ${hex(32)}`,
  "xK9#mP2$vL5n",
  "pass\u200bword: hunter2",
  "ｐａｓｓｗｏｒｄ： hunter2",
];

for (const text of secrets) {
  test(`a secret: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.equal(holdsSecret(text), true);
    assert.ok(hideSecrets(text).includes(HIDDEN));
  });
}

const harmless: readonly string[] = [
  "-5 degrees is the default",
  "3.14 is the project constant",
  "User likes green tea",
  "用户喜欢简洁的回答",
  "Fixed in commit 3f2a9bc41d5e6f708192a3b4c5d6e7f801234567",
  "deployed at rev 9fceb02d0ae598e95dc970b74767f19372d61af8",
  "HEAD is c539373",
  "see https://github.com/a/b/commit/3f2a9bc41d5e6f708192a3b4c5d6e7f801234567",
  "this changed in https://github.com/nodejs/node/blob/4267b92604ad78584244488e7f7508a690cb80d0/lib/agent.js",
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "session 7b0f4f1e-6c1a-4d0e-9b39-5d0a8f1c2e3d was resumed",
  "call +49 170 1234567",
  "the chat is -1001234567890",
  "order 20241121-000123 was shipped",
  "at 1732204800000 the build began",
  "1234567890123456",
  "passwords are stored in the vault",
  "The password is reset every month",
  "Bitwarden is our password manager",
  "the password policy is strict",
  "What is my password?",
  "Prefers 1Password as the password manager",
  "Prefers argon2 as the password hash",
  "they use base64 as a password encoding",
  "in the settings set a password to unlock it",
  "User forgot the password again",
  "the primary key is user_id",
  "the token limit is 8000",
  "status code: 200",
  "the secret to good coffee is patience",
  "pin this message",
  "see src/memory/recall-rank.ts and test/fixtures/vectors/hygiene.json",
  "https://example.com/blog/2024/11/how-we-moved-to-typescript-and-node-24",
  "release-2024-11-21-build-7 is live",
  "normalizeExtractedMemoryForStorage is slow",
  "kubernetes-sigs/controller-runtime/v0.19.1",
  "Donaudampfschifffahrtsgesellschaftskapitän",
  "lives in Berlin, born 1984-03-02",
  "John.Smith2@Example.com is the address",
  "the key decision was to use SQLite",
  "192.168.178.200 is the printer",
  "uses C++20 and CMake 3.31",
  "the meeting code of conduct is printed",
];

for (const text of harmless) {
  test(`no secret: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.equal(holdsSecret(text), false);
    assert.equal(hideSecrets(text), text);
  });
}

test("only the secret is hidden, whatever stands around it", () => {
  assert.equal(hideSecrets(`use sk-${key(32)} for now`), `use ${HIDDEN} for now`);
  assert.equal(hideSecrets("The wifi password is bluewhale. Tea at five."), `The wifi ${HIDDEN} Tea at five.`);
  assert.equal(hideSecrets(`a ghp_${key(36)} b npm_${key(36)} c`), `a ${HIDDEN} b ${HIDDEN} c`);
});

test("what was hidden is found no more", () => {
  const planted = fc.constantFrom(...secrets.filter((text) => !text.includes("-----BEGIN")));
  const around = fc.constantFrom("", "so ", "I said: ", "\n", "… ");
  fc.assert(
    fc.property(around, planted, around, (before, secret, after) => {
      const text = `${before}${secret} ${after}`;
      assert.equal(holdsSecret(text), true);
      assert.equal(holdsSecret(hideSecrets(text)), false);
    }),
  );
});

test("every key of 32 letters and digits is found, in either case or both", () => {
  const run = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), minLength: 32, maxLength: 64 });
  const missed = [letters + letters.toLowerCase(), "0123456789abcdef"].map((alphabet) => {
    const drawn = fc.sample(run(alphabet), { numRuns: 2000, seed: 7 });
    return drawn.filter((text) => !holdsSecret(text)).length;
  });
  assert.ok(
    missed.every((count) => count <= 10),
    missed.join(" "),
  );
});

test("no text takes long", () => {
  for (const text of [
    "password ",
    "a1B2",
    "for the ",
    "seed phrase is word ",
    "https://",
    "-----BEGIN ",
    "1 ",
    "is my ",
    "key for ",
  ]) {
    const long = text.repeat(100_000 / text.length);
    const from = process.hrtime.bigint();
    holdsSecret(long);
    const tookMs = Number(process.hrtime.bigint() - from) / 1e6;
    assert.ok(tookMs < 2000, `${text}: ${tookMs} ms`);
  }
});
