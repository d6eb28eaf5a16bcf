/**
 * @file The machine's limit, `lim`: native code that reads the input and writes the output, in a process beside this one.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Problem } from '../problem.ts'
import type { Candidate, PreparedCandidate } from './candidate.ts'
import { wholeLines } from './stream.ts'

const program = fileURLToPath(new URL('limit', import.meta.url))

/** Ordinary stores, as WebAssembly has them. */
export const native: Candidate = { id: 'lim', prepare: (problem) => prepare('lim', problem, 0) }

/** Stores that go past the caches, which WebAssembly does not have. */
export const nativeNonTemporal: Candidate = {
  id: 'lim, non-temporal',
  prepare: (problem) => prepare('lim, non-temporal', problem, 1),
}

/** Enough that it does not matter when each process begins. */
const togetherCalls = 20

/** `lim` in several processes at once, each with its share of the bytes: the limit of as many threads. */
export function nativeTogether(count: number): Candidate {
  const id = `${count} x lim`
  return {
    id,
    async prepare(problem) {
      const [bytesRead, bytesWritten] = [problem.bytesRead / count, problem.bytesWritten / count]
      const parts: PreparedCandidate[] = []
      for (let i = 0; i < count; i++) {
        const part = await prepare(id, { ...problem, bytesRead, bytesWritten }, 0)
        if (typeof part === 'string') return part
        parts.push(part)
      }
      const measure = async (calls: number): Promise<number> =>
        Math.max(...(await Promise.all(parts.map((part) => part.measure(Math.max(calls, togetherCalls))))))
      return { id, kind: 'limit', measure, close: () => parts.forEach((part) => void part.close!()) }
    },
  }
}

async function prepare(id: string, problem: Problem, store: 0 | 1): Promise<PreparedCandidate | string> {
  if (!existsSync(program)) return 'not built: there is no C compiler (cc) here'
  const size = wholeLines(problem.bytesRead, problem.bytesWritten)
  if (!size) return 'too small to stream'
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ask = askerOf(child)
  const measure = async (calls: number): Promise<number> => {
    const nanoseconds = Number(await ask(`${size.read} ${size.written} ${calls} ${store}`))
    return nanoseconds / calls / 1e6
  }
  return { id, kind: 'limit', measure, close: () => child.stdin!.end() }
}

/** One line out, one line back. */
function askerOf(child: ChildProcess): (request: string) => Promise<string> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return async (request) => {
    child.stdin!.write(`${request}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the native limit ended')
    return value
  }
}
