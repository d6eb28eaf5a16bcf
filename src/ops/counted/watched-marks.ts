/**
 * @file Looks at the marks of a mask where kernels read them, so that they need not be read for that alone.
 */
import { areBitsInPlace } from '../../kernels/count.ts'
import type { Counted } from '../../kernels/job.ts'
import { copyUnits, type SharedPlanes } from '../../kernels/shared-planes.ts'

export interface Copies {
  readonly marks: SharedPlanes<Uint8Array>
  readonly copy: Counted['copyMap']
  /** True if all marks were copied and are 0 or 1; false if that is not known. */
  areBits(): boolean
}

/** Looks at the copies of marks that kernels read. @param length  of the whole tensor */
export function watchCopies(marks: SharedPlanes<Uint8Array>, length: number): Copies {
  let areBits = true
  let end = 0
  return {
    marks,
    copy(at, into, unit) {
      copyUnits(marks, at, into, unit)
      areBits = areBits && at <= end && areBitsInPlace(into) === true
      end = Math.max(end, at + into.length * unit)
    },
    areBits: () => areBits && end >= length,
  }
}
