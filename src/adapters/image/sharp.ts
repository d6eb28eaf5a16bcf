/**
 * @file Finding sharp, the optional peer that decodes and encodes.
 */
import type { Sharp, SharpOptions } from 'sharp'
import { PoolError } from '../../errors.ts'

export interface SharpModule {
  (input: Uint8Array | string, options: SharpOptions): Sharp
  readonly versions: { readonly sharp?: string }
  block(options: { operation: string[] }): void
  unblock(options: { operation: string[] }): void
}

/** The first release without the known vulnerabilities in libvips and libheif. */
const oldest = [0, 35, 4] as const

/** @throws PoolError "UNAVAILABLE" where sharp is not installed, does not load here, or is too old */
export async function loadSharp(): Promise<SharpModule> {
  const module = await import('sharp').catch((cause: unknown) => {
    throw unavailable('not installed, or not loading on this machine', cause)
  })
  const sharp = module.default as unknown as SharpModule
  const version = sharp.versions.sharp ?? '0'
  if (isOlder(version)) throw unavailable(version)
  if (blocksOthers) block(sharp)
  return sharp
}

/**
 * Lets sharp decode PNG, JPEG, WebP and TIFF only, everywhere in this process, until the process calls `sharp.unblock`.
 * `readImage` hands no other bytes to sharp in any case: call this only in a program that uses sharp for nothing else.
 */
export async function blockOtherDecoders(): Promise<void> {
  block(await loadSharp())
}

let blocksOthers = false

/** The same as soon as sharp is loaded, which takes longer than the pooling of a small array. */
export function blockOtherDecodersOnceLoaded(): void {
  blocksOthers = true
}

function block(sharp: SharpModule): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  const fromBytes = ['Png', 'Jpeg', 'Webp', 'Tiff'].map((name) => `${name}Buffer`)
  const fromFiles = ['Png', 'Jpeg'].map((name) => `${name}File`)
  sharp.unblock({ operation: [...fromBytes, ...fromFiles].map((name) => `VipsForeignLoad${name}`) })
}

function unavailable(state: string, cause?: unknown): PoolError {
  return new PoolError(
    'UNAVAILABLE',
    `image: sharp = ${state}; image files need sharp ${oldest.join('.')} or newer. Install it: npm install sharp`,
    { op: 'image', argument: 'sharp', value: state, cause },
  )
}

function isOlder(version: string): boolean {
  const numbers = version.split(/[.-]/).map(Number)
  const at = oldest.findIndex((wanted, i) => numbers[i] !== wanted)
  return at >= 0 && !(numbers[at]! > oldest[at]!)
}
