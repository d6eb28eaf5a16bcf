/**
 * @file Networks of minima and maxima that sort vectors, or give the median of an odd number of them, as AssemblyScript: Batcher's
 * odd-even mergesort (1968), without the comparisons on which the result does not depend.
 */

/** Pairs of places to compare, in order; places past `count` would hold infinities and drop out. */
function sortingPairs(count) {
  const pairs = []
  const size = 2 ** Math.ceil(Math.log2(count))
  for (let length = 1; length < size; length *= 2)
    for (let gap = length; gap >= 1; gap /= 2)
      for (let j = gap % length; j + gap < size; j += 2 * gap)
        for (let i = j; i < j + gap; i++)
          if (Math.floor(i / (2 * length)) === Math.floor((i + gap) / (2 * length))) pairs.push([i, i + gap])
  return pairs.filter(([, high]) => high < count)
}

/** Each pair with whether its minimum and its maximum are needed. */
function neededFor(places, pairs) {
  const needed = new Set(places)
  return pairs
    .toReversed()
    .map(([low, high]) => {
      const ends = { low, high, least: needed.has(low), most: needed.has(high) }
      if (ends.least || ends.most) needed.add(low).add(high)
      return ends
    })
    .filter(({ least, most }) => least || most)
    .toReversed()
}

/** A function `median25<T>(values)` that reads vectors 16 bytes apart. */
export function medianNetwork(count) {
  const middle = (count - 1) / 2
  return [
    `export function median${count}<T>(values: usize): v128 {`,
    ...stepsFor([middle], count),
    `  return v${middle}`,
    '}',
  ].join('\n')
}

/** A function `sort9<T>(values)` that sorts vectors 16 bytes apart, lane by lane. */
export function sortingNetwork(count) {
  const places = Array.from({ length: count }, (_, i) => i)
  return [
    `export function sort${count}<T>(values: usize): void {`,
    ...stepsFor(places, count),
    ...places.map((i) => `  v128.store(values, v${i}, ${16 * i})`),
    '}',
  ].join('\n')
}

function stepsFor(places, count) {
  const loads = Array.from({ length: count }, (_, i) => `  let v${i} = v128.load(values, ${16 * i})`)
  const steps = neededFor(places, sortingPairs(count)).flatMap(({ low, high, least, most }, i) => [
    ...(least && most ? [`  const t${i} = v128.min<T>(v${low}, v${high})`] : []),
    ...(most ? [`  v${high} = v128.max<T>(v${low}, v${high})`] : []),
    ...(least ? [`  v${low} = ${most ? `t${i}` : `v128.min<T>(v${low}, v${high})`}`] : []),
  ])
  return [...loads, ...steps]
}
