/**
 * @file What a job leaves out, without its marks and counts: as much as its passes know when they are prepared.
 */
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { Counted } from '../../job.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { countedTiles } from './count-in-tiles.ts'

const noMarks = (): void => {}
const noDivisors = (): void => {}

/** Null if passes of the job read its marks or counts when they are prepared. */
export function formOfCounted(counted: Counted, instance: WasmInstance): Counted | null {
  const { group, least, nodata, tiles, planes, copyCounts, copyDivisors } = counted
  const none = new Uint8Array(0)
  const outline = { map: none, counts: none, group, least, nodata, copyMap: noMarks }
  if (tiles !== undefined) {
    if (countedTiles(counted, instance) === null) return null
    const marks = planes ? { marks: { ...planes.marks, data: none }, counts: null, divisors: null } : null
    return { ...outline, tiles, planes: marks, divisors: null, copyCounts: null, copyDivisors: null }
  }
  return {
    ...outline,
    divisors: copyDivisors === null ? emptyOf(counted.divisors) : null,
    copyCounts: copyCounts && noMarks,
    copyDivisors: copyDivisors && (copyDivisors === copyCounts ? noMarks : noDivisors),
  }
}

function emptyOf<A extends TypedArray>(array: A | null): A | null {
  return array && (new (array.constructor as new () => A)() as A)
}

/** True if passes prepared for one serve the other. */
export function leaveOutAlike(form: Counted, counted: Counted): boolean {
  if (form.group !== counted.group || form.least !== counted.least) return false
  if (!Object.is(form.nodata, counted.nodata)) return false
  if (form.tiles !== undefined || counted.tiles !== undefined) return tilesAlike(form, counted)
  const [a, b] = [form, counted].map(({ copyCounts, copyDivisors }) =>
    copyDivisors === null ? null : copyDivisors === copyCounts,
  )
  if (a !== b || (form.copyCounts === null) !== (counted.copyCounts === null)) return false
  return form.copyDivisors !== null || form.divisors?.constructor === counted.divisors?.constructor
}

function tilesAlike(form: Counted, counted: Counted): boolean {
  const [a, b] = [form.tiles, counted.tiles]
  if (a === undefined || b === undefined || a.countBytes !== b.countBytes) return false
  if (!Object.is(a.nodata, b.nodata) || !Object.is(a.fill, b.fill)) return false
  const [own, other] = [form.planes?.marks, counted.planes?.marks]
  if (own === undefined || other === undefined) return own === other
  return (
    own.channels === other.channels &&
    own.of.isLast === other.of.isLast &&
    own.of.channels === other.of.channels
  )
}
