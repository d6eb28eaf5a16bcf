/**
 * @file The picture of a pooling, from a line of text: for the page and the command line.
 */
import { figure } from './figure.ts'
import type { Theme } from './palette.ts'
import { sceneOf } from './scene.ts'
import { channelsOf, parseState } from './state.ts'

export { type Correction, parseState } from './state.ts'

/**
 * Draws a state such as `op=max&k=3&s=2&x=d2l4`, the part of the playground's address after `#`, as SVG.
 *
 * Corrects invalid values as `parseState` does, without reporting them.
 *
 * @throws PoolError where the window does not fit the input, as the pooling does
 */
export function renderState(text: string, theme: Theme = 'light'): string {
  const { pooling, input, channel, at, language } = parseState(text).state
  return figure(sceneOf(pooling, channelsOf(input)), { channel, at, language: language ?? 'en', theme })
}
