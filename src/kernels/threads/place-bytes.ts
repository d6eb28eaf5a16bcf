/**
 * @file Copies the bytes of what a job leaves out to where workers can read them.
 */
import type { Counted, Job } from '../job.ts'
import type { SharedPlanes } from '../shared-planes.ts'
import type { SharedMemory } from './shared-memory.ts'

type Room = Pick<SharedMemory, 'alloc' | 'free'>

interface Placed {
  /** The job with all bytes in the shared memory. */
  readonly job: Job
  /** Frees the copies. */
  free(): void
}

/** Null if there is no room for the copies. */
export function place(job: Job, room: Room, buffer: ArrayBufferLike): Placed | null {
  const planes = job.counted?.planes
  if (!planes) return { job, free: () => {} }
  const blocks: number[] = []
  const free = (): void => {
    for (const block of blocks) room.free(block)
  }
  const move = (from: SharedPlanes<Uint8Array>): SharedPlanes<Uint8Array> | null => {
    if (from.data.buffer === buffer) return from
    const at = room.alloc(from.data.length)
    if (at === null) return null
    blocks.push(at)
    const data = new Uint8Array(buffer as ArrayBuffer, at, from.data.length)
    data.set(from.data)
    return { ...from, data }
  }
  const [marks, counts] = [move(planes.marks), planes.counts && move(planes.counts)]
  const isSame = planes.divisors === planes.counts
  const divisors = isSame ? counts : planes.divisors && move(planes.divisors)
  const areMoved =
    (counts !== null || planes.counts === null) && (divisors !== null || planes.divisors === null)
  if (marks === null || !areMoved) {
    free()
    return null
  }
  const { group, least, copyMap, copyCounts, copyDivisors, tiles } = job.counted!
  const counted = {
    group,
    least,
    copyMap,
    copyCounts,
    copyDivisors,
    tiles,
    planes: { marks, counts, divisors },
  }
  return { job: { ...job, counted: counted as Counted }, free }
}
