/**
 * @file Finds the word closest to a misspelled one.
 */

/** The choice with the smallest edit distance to `text`, if it is less than half its length. Ignores case. */
export function nearest(text: string, choices: readonly string[]): string | undefined {
  const given = text.toLowerCase()
  const ranked = choices
    .map((choice) => ({ choice, changes: changesBetween(given, choice.toLowerCase()) }))
    .sort((a, b) => a.changes - b.changes)
  const [best] = ranked
  return best !== undefined && best.changes < Math.max(given.length, best.choice.length) / 2
    ? best.choice
    : undefined
}

/** The Damerau-Levenshtein distance: insertions, deletions, substitutions and swaps of neighbours. */
function changesBetween(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
