import type { Messages } from '../../i18n/index.ts'

/** A share as a percentage with one decimal: `92.8 %`, and `92.8%` in Chinese. */
export const percent = (words: Messages['network'], share: number): string =>
  words.percent(Math.round(1000 * share) / 10)
