/**
 * @file The limits in this engine: WebAssembly loops that read the input and write the output and do nothing else, or nothing but fold.
 */
import { readFileSync } from 'node:fs'
import type { Problem } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'

interface Exports {
  readonly memory: WebAssembly.Memory
  base(): number
  stream(from: number, to: number, read: number, written: number): void
  triples(from: number, to: number, planes: number, rows: number, columns: number): void
}

const page = 65536
const line = 64
const firstCache = 32 * 1024

export const wasmStream: Candidate = { id: 'wasm stream', prepare: enterStream }

/** Maxima of 3 by 3 windows at stride 1: loads, maxima and stores, without padding and whatever NaN does. */
export const wasmFolds: Candidate = { id: 'wasm folds', prepare: enterFolds }

function enterStream({ bytesRead, bytesWritten }: Problem): PreparedCandidate | string {
  const size = wholeLines(bytesRead, bytesWritten)
  if (!size) return 'too small to stream'
  const { exports, from, to } = place(size.read, size.written)
  return limit('wasm stream', () => exports.stream(from, to, size.read, size.written))
}

function enterFolds({ workload, bytesRead, bytesWritten }: Problem): PreparedCandidate | string {
  const { reducer, pass, dtype, window, stride, shape } = workload
  const [batch, channels, rows, columns] = shape
  const isTripled =
    reducer === 'max' && pass === 'forward' && dtype === 'float32' && window === 3 && stride === 1
  const isWhole = rows % 2 === 0 && columns % 4 === 0
  if (!isTripled || !isWhole) return 'for 3x3 windows at stride 1 only'
  if (4 * rows * columns > firstCache) return 'walks down columns of planes in the first cache only'
  const beyond = 4 * columns * 2 + line
  const { exports, from, to } = place(bytesRead + beyond, bytesWritten)
  return limit('wasm folds', () => exports.triples(from, to, batch * channels, rows, columns))
}

/** Allocates buffers of the given bytes. */
function place(read: number, written: number): { exports: Exports; from: number; to: number } {
  const module = new WebAssembly.Module(readFileSync(new URL('stream.wasm', import.meta.url)))
  const exports = new WebAssembly.Instance(module).exports as unknown as Exports
  const { memory, base } = exports
  const from = align(base())
  const to = align(from + read)
  memory.grow(Math.ceil((to + written - memory.buffer.byteLength) / page))
  new Uint8Array(memory.buffer, from).fill(1)
  return { exports, from, to }
}

function align(address: number): number {
  return Math.ceil(address / line) * line
}

function limit(id: string, run: () => void): PreparedCandidate {
  return { id, kind: 'limit', measure: measureCalls(run) }
}

/** Less than this lies in the first cache, where nothing streams. */
const leastBytes = 64 * 1024

/** Sizes in whole cache lines, one a multiple of the other; null if too small. */
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
