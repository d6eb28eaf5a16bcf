/**
 * @file Translates the library's option names into flags.
 */
const flags: Readonly<Record<string, string>> = {
  kernelSize: '--size',
  stride: '--stride',
  padding: '--padding',
  dilation: '--dilation',
  ceilMode: '--ceil-mode',
  countIncludePad: '--count-include-pad',
  divisorOverride: '--divisor-override',
  normType: '--norm-type',
  q: '--q',
  interpolation: '--interpolation',
  ties: '--ties',
  ignore: '--ignore',
  outputSize: '--output-size',
  keepDims: '--no-keep-dims',
  filterSize: '--filter-size',
  padMode: '--pad-mode',
  levels: '--levels',
  mask: '--mask',
  'mask.shape': 'the shape of --mask',
  rounding: '--rounding',
  nodata: '--nodata',
  minCount: '--min-count',
  fill: '--fill',
  maxPixels: '--max-pixels',
  page: '--page',
  'Choose one by its page, counted from 1, or read all pages': 'Give --page N, counted from 1, or --page all',
  'Choose page 1': 'Give --page 1',
  Infinity: 'inf',
  'x.shape': 'the input shape',
  '[before, after] pairs': 'before:after, as 1:0',
}

/** A common word counts as an option only if a value follows it. Quoted text is never an option. */
const names =
  /"(?:[^"\\]|\\.)*"|\b(?:kernelSize|ceilMode|countIncludePad|divisorOverride|normType|outputSize|filterSize|padMode|maxPixels|spatialScale|samplingRatio|Infinity)\b|\b(?:stride|padding|dilation|rounding|q|interpolation|ties|ignore|levels|page)(?=(?:\[\d+\])* = )|\[before, after\] pairs|Choose one by its page, counted from 1, or read all pages|Choose page 1|, or an array of \d+|\bx\.shape(?=\[)|\bmask\.shape(?= = )/g

/** A message of the library with flags for its options. It must not begin with a file name, which might look like an option. */
export function inFlags(message: string): string {
  return inWords(message, flags)
    .replace(/^writeImage: format = /, 'the format of -o = ')
    .replace(/\bpadding \[(\d+), (\d+)\]/, (_, before, after) => `--padding ${pads(before, after)}`)
}

function pads(before: string, after: string): string {
  return before === after ? before : `${before}:${after}`
}

/** A message of the library with other names for its options. */
export function inWords(message: string, words: Readonly<Record<string, string>>): string {
  return message.replace(names, (name) => {
    if (name.startsWith(', or an array')) return ', or one per axis'

    return words[name] ?? name
  })
}
