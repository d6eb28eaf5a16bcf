/**
 * @file Groups of planes that a call works on one after another, so that what its steps hand on to each other takes little memory.
 */

/** Bytes of all spaces of a call, at most, unless its planes cannot be cut further. Their buffers may have twice as many. */
export const mostScratch = { bytes: 2 ** 26 }

/** A buffer for between two steps. It is made for the planes of a group. */
export interface Space {
  readonly bytes: number
}

/** From plane `begin` up to `end`, in parts of `of`: steps may have several planes for each of the job's. */
export interface Group {
  readonly begin: number
  readonly end: number
  readonly of: number
  /** The buffers of spaces. Each group writes over those of the one before it. */
  readonly buffers: ReadonlyMap<Space, GPUBuffer>
}

/** @param make  makes a buffer */
export function groupsOf(
  steps: readonly { readonly outer: number }[],
  spaces: readonly Space[],
  make: (bytes: number) => GPUBuffer,
): readonly Group[] {
  const of = steps.reduce((common, { outer }) => greatestDivisor(common, outer), 0)
  if (of === 0) return []
  const perPlane = spaces.reduce((sum, { bytes }) => sum + bytes / of, 0)
  const size = Math.min(of, wholeWords(Math.floor(mostScratch.bytes / Math.max(1, perPlane))))
  const buffers = new Map(spaces.map((space) => [space, make(Math.ceil((space.bytes / of) * size))]))
  return Array.from({ length: Math.ceil(of / size) }, (_, i) => ({
    begin: i * size,
    end: Math.min((i + 1) * size, of),
    of,
    buffers,
  }))
}

/** Four planes of any dtype, and so all that follow them, begin with a word. */
function wholeWords(planes: number): number {
  return Math.max(4, planes - (planes % 4))
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
