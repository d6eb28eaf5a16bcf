/**
 * @file The cost of plain arrays without pooling: copies into WebAssembly memory and out of it, through a scratch of the library's size.
 */
import { tuning } from '../../src/kernels/tuning.ts'
import type { Problem } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'
import { wholeLines } from './stream.ts'

const id = 'staging'
const page = 65536

export const staging: Candidate = { id, prepare }

function prepare({ bytesRead, bytesWritten }: Problem): PreparedCandidate | string {
  if (!wholeLines(bytesRead, bytesWritten)) return 'too small to stage'
  const tileBytes = tuning.stagedTileBytes
  const { buffer } = new WebAssembly.Memory({ initial: tileBytes / page })
  const [from, to] = [bytesRead, bytesWritten].map((bytes) => new Uint8Array(bytes).fill(1)) as [
    Uint8Array,
    Uint8Array,
  ]
  const tiles = Math.ceil((bytesRead + bytesWritten) / tileBytes)
  const [read, written] = [bytesRead, bytesWritten].map((bytes) => Math.ceil(bytes / tiles)) as [
    number,
    number,
  ]
  const scratch = new Uint8Array(buffer)
  const stage = (): void => {
    for (let tile = 0; tile < tiles; tile++) {
      scratch.set(from.subarray(tile * read, (tile + 1) * read))
      const left = Math.min(written, bytesWritten - tile * written)
      to.set(scratch.subarray(tileBytes - written, tileBytes - written + left), tile * written)
    }
  }
  return { id, kind: 'limit', measure: measureCalls(stage) }
}
