/**
 * @file Suggestions for unknown options, including the words of other programs and libraries.
 */
import { nearest } from './nearest.ts'

const words: Readonly<Record<string, readonly string[]>> = {
  '--size': [
    'kernel',
    'kernel-shape',
    'ksize',
    'pool-size',
    'window',
    'window-size',
    'filter',
    'filter-size',
  ],
  '--stride': ['step', 'steps', 'subsample'],
  '--padding': ['pad', 'pads', 'pad-mode', 'auto-pad'],
  '--dilation': ['rate', 'dilation-rate', 'dilations'],
  '--mode': [
    'avg',
    'average',
    'mean',
    'max',
    'min',
    'type',
    'pool-mode',
    'pooling',
    'op',
    'method',
    'reduce',
    'reducer',
  ],
  '--ceil-mode': ['ceil', 'ceiling'],
  '--no-count-include-pad': ['exclude-pad', 'no-include-pad'],
  '--divisor-override': ['divisor', 'divide-by'],
  '--norm-type': ['norm', 'p', 'ord'],
  '--correction': ['ddof', 'unbiased'],
  '--q': ['quantile', 'percentile'],
  '--interpolation': ['quantile-method'],
  '--ignore': ['background', 'ignore-label', 'ignore-index', 'sparse'],
  '--output-size': ['adaptive', 'out-size', 'target-size', 'resize'],
  '--layout': ['data-format', 'channels-last'],
  '--output': ['out', 'outfile', 'dest', 'out-dir', 'output-dir'],
  '--indices': ['return-indices', 'argmax'],
  '--counts': ['return-counts'],
  '--no-keep-dims': ['squeeze'],
  '--force': ['overwrite', 'clobber', 'yes'],
  '--dry-run': ['plan', 'what-if'],
  '--quiet': ['silent'],
}

/** Letters of other programs. */
const letters: Readonly<Record<string, string>> = {
  d: '--dilation',
  m: '--mode',
  p: '--padding',
  s: '--stride',
  v: '--version',
}

/** The command's option closest to an unknown one, or the one that other programs call by that name; never its opposite. */
export function meantBy(option: string, known: readonly string[]): string | undefined {
  const kebab = option.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`).replaceAll('_', '-')
  const word = kebab.replace(/^-+/, '').replace(/=.*/, '')
  const letter = /^-(\w)$/.exec(option)?.[1]
  if (letter !== undefined && known.includes(letters[letter]!)) return letters[letter]
  const opposite = word.startsWith('no-') ? word.slice(3) : `no-${word}`
  if (known.includes(`--${opposite}`)) return undefined
  const own = known.find((name) => name === `--${word}`)
  const other = known.find((name) => words[name]?.includes(word))
  return own ?? other ?? nearest(`--${word}`, known)
}
