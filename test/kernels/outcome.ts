/**
 * @file The result of testing a kernel, in Node or in a browser.
 */
export interface Outcome {
  /** Descriptions of errors; empty if there are none. */
  readonly wrong: readonly string[]
  /** The number of jobs that were run and compared. */
  readonly compared: number
  /** For each job that was not run, the reason. */
  readonly skipped: readonly string[]
}
