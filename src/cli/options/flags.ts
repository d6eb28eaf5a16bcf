/**
 * @file The core's options as the command line names them.
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
  outputSize: '--output-size',
  rounding: '--rounding',
}

/** Words of the language are options only where a value follows. */
const names =
  /\b(?:kernelSize|ceilMode|countIncludePad|divisorOverride|normType|outputSize)\b|\b(?:stride|padding|dilation|rounding)(?=(?:\[\d+\])* = )/g

/** A message of the core for whoever typed flags. */
export function inFlags(message: string): string {
  return message.replace(names, (name) => flags[name]!)
}
