/**
 * @file The program on the streams, the arguments and the signals of its process.
 */
import { handleSignals } from './interrupt.ts'
import { run } from './run.ts'

export async function runProgram(): Promise<void> {
  handleSignals()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    // Opening it takes milliseconds, and few runs read it.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
  })
}
