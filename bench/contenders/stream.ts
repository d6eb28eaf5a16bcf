/**
 * @file The limit in this engine: a WebAssembly loop that reads the input and writes the output, and does nothing else.
 */
import { readFileSync } from 'node:fs'
import type { Problem } from '../problem.ts'
import { type Contender, type Entrant, measureCalls } from './contender.ts'

interface Exports {
  readonly memory: WebAssembly.Memory
  base(): number
  stream(from: number, to: number, read: number, written: number): void
}

const id = 'wasm stream'
const page = 65536
const line = 64

export const wasmStream: Entrant = { id, enter }

function enter({ bytesRead, bytesWritten }: Problem): Contender | string {
  const size = wholeLines(bytesRead, bytesWritten)
  if (!size) return 'too small to stream'
  const module = new WebAssembly.Module(readFileSync(new URL('stream.wasm', import.meta.url)))
  const { memory, base, stream } = new WebAssembly.Instance(module).exports as unknown as Exports
  const from = Math.ceil(base() / line) * line
  const to = from + size.read
  memory.grow(Math.ceil((to + size.written - memory.buffer.byteLength) / page))
  new Uint8Array(memory.buffer, from).fill(1)
  return { id, kind: 'limit', measure: measureCalls(() => stream(from, to, size.read, size.written)) }
}

/** Less than this lies in the first cache, where nothing streams. */
const leastBytes = 64 * 1024

/** Sizes of whole cache lines, one a multiple of the other; null for what is too small. */
export function wholeLines(
  bytesRead: number,
  bytesWritten: number,
): { read: number; written: number } | null {
  if (bytesRead + bytesWritten < leastBytes) return null
  const lines = Math.floor(Math.min(bytesRead, bytesWritten) / line)
  const ratio = Math.round(Math.max(bytesRead, bytesWritten) / Math.min(bytesRead, bytesWritten))
  const [small, large] = [lines * line, lines * line * ratio]
  return bytesRead >= bytesWritten ? { read: large, written: small } : { read: small, written: large }
}
