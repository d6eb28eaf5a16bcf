/**
 * @file The weights and digits that come with the page.
 */
import digitBytes from './digits.bin?inline'
import { type Digit, unpackDigits } from './digits.ts'
import { type Family, families } from './families.ts'
import type { Network } from './lenet.ts'
import weightBytes from './weights.bin?inline'
import { unpackAll } from './weights.ts'

export interface Shipped {
  readonly digits: readonly Digit[]
  readonly networks: Readonly<Record<Family, Network>>
}

let unpacked: Promise<Shipped> | null = null

/** Unpacked once. */
export function shipped(): Promise<Shipped> {
  unpacked ??= read()
  return unpacked
}

async function read(): Promise<Shipped> {
  const all = await unpackAll(bytesOf(weightBytes))
  const networks = families.map((family, i) => [family, all[i]!])
  return { digits: await unpackDigits(bytesOf(digitBytes)), networks: Object.fromEntries(networks) }
}

/** Of a `data:` address. */
function bytesOf(address: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
}
