/**
 * @file What came of trying a kernel, wherever it was tried: in Node or in a browser.
 */
export interface Outcome {
  /** Each fault in words; none if all is right. */
  readonly wrong: readonly string[]
  /** How many jobs were run and compared. */
  readonly compared: number
  /** How many jobs were not, and why. */
  readonly skipped: readonly string[]
}
