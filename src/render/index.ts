/**
 * @file The picture of a pooling, from a line of text: for the page and the command line.
 */
import { type FigureOptions, figure } from './figure.ts'
import type { Theme } from './palette.ts'
import { sceneOf } from './scene.ts'
import { type Correction, channelsOf, parseState } from './state.ts'

/**
 * Draws a state such as `op=max&k=3&s=2&x=d2l4`, the part of the playground's address after `#`.
 *
 * @returns the SVG, and what in the text was clamped or not understood
 * @throws PoolError where the window does not fit the input, as the pooling does
 */
export function renderState(
  text: string,
  { theme = 'light', ...given }: Partial<FigureOptions> & { readonly theme?: Theme } = {},
): { svg: string; corrections: readonly Correction[] } {
  const { state, corrections } = parseState(text)
  const { channel, at } = state
  const language = state.language ?? 'en'
  const scene = sceneOf(state.pooling, channelsOf(state.input))
  return { svg: figure(scene, { channel, at, language, theme, ...given }), corrections }
}
