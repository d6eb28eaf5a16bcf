/**
 * @file Greatest common divisors and modular arithmetic, for windows that repeat.
 */

export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/** a * b modulo m, exact for numbers below 2^31. */
export function multiplyModulo(a: number, b: number, m: number): number {
  const high = (a * Math.floor(b / 65536)) % m
  return (high * 65536 + a * (b % 65536)) % m
}

/** The inverse of `a` modulo m: the number below m whose product with `a` is 1 modulo m. a and m must be coprime. */
export function inverseModulo(a: number, m: number): number {
  let [r, next, t, nextT] = [m, a % m, 0, 1 % m]
  while (next !== 0) {
    const times = Math.floor(r / next)
    ;[r, next] = [next, r - times * next]
    ;[t, nextT] = [nextT, t - times * nextT]
  }
  return ((t % m) + m) % m
}
