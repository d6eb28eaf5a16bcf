/**
 * @file Finding fast-png, the optional peer that reads and writes PNG in browsers, whose canvases have 8 bits only.
 */
import { PoolError } from '../../errors.ts'

/** @throws PoolError "UNAVAILABLE" where fast-png is not installed */
export async function loadFastPng(): Promise<typeof import('fast-png')> {
  return await import('fast-png').catch((cause: unknown) => {
    throw new PoolError(
      'UNAVAILABLE',
      'image: fast-png = not installed; PNG needs it in browsers. Install it: npm install fast-png',
      { op: 'image', argument: 'fast-png', value: 'not installed', cause },
    )
  })
}
