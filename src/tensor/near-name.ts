/**
 * @file Finds the known name that an unknown one probably means: a word of another framework, or a misspelling.
 */

/** Words for the same option, ours and those of other frameworks, in small letters alone. */
const synonyms = [
  'kernelsize kernelshape kernel ksize poolsize size window windowsize windowshape filtersize',
  'outputsize outputshape size sizes',
  'divisoroverride divisor',
  'rounding round roundingmode',
  'q quantile percentile',
  'p exponent',
  'stride strides windowstrides step',
  'padding pads pad',
  'dilation dilations dilationrate windowdilation',
  'layout dataformat format',
  'normtype norm p',
  'returnindices returnmask',
  'randomsamples samples',
].map((words) => words.split(' '))

/** The one of `names` that `name` most likely stands for. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  const word = lettersOf(name)
  const known = names.map(lettersOf)
  const tests: ((other: string) => boolean)[] = [
    (other) => other === word,
    (other) => synonyms.some((words) => words.includes(word) && words.includes(other)),
    (other) => changes(word, other) === 1,
    (other) => changes(word, other) === 2 && other.length > 4,
  ]
  const at = tests.map((test) => known.findIndex(test)).find((i) => i >= 0)
  return at === undefined ? undefined : names[at]
}

function lettersOf(name: string): string {
  return name.slice(0, 40).replaceAll('_', '').toLowerCase()
}

/** The Levenshtein distance of two words. */
function changes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (from[i] === to[j] ? 0 : 1)))
    row = next
  }
  return row[to.length]!
}
