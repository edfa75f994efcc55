import { BigInteger } from "jsbn";

// Octane's crypto kernel is this library.
const modulus = new BigInteger(`c${"5a3e91f7b04d286c".repeat(15)}1`, 16);
const exponent = new BigInteger("d".repeat(48), 16);
let message = new BigInteger("2a".repeat(40), 16);

/** A modular exponentiation of 964 bits. */
export function work() {
  message = message.modPow(exponent, modulus);
  return message.toString(16);
}
