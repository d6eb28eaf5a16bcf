/**
 * @file The peak of memory of a program, as Linux keeps it. That of getrusage begins with the memory of the process that started the program.
 */
import { existsSync } from 'node:fs'

const status = '/proc/self/status'

/** Whether this system tells it. */
export const tellsPeak = existsSync(status)

const hook = `import { readFileSync } from 'node:fs'
process.on('exit', () => console.error(/^VmHWM.*/m.exec(readFileSync('${status}', 'utf8'))[0]))`

/** Variables with which a program writes its peak to stderr as it ends. */
export const tellingPeak = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }

/** Bytes, from what a program wrote. */
export function peakOf(stderr: string): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(stderr)![1]) * 1024
}
