/**
 * @file Runs passes tile by tile: operands are copied through scratch, or used where they lie if that is inside the kernel's memory.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import { crossovers } from '../crossovers.ts'
import { type Frame, inSizeOf, outSizeOf, type Tile, tilesOf } from './frame.ts'
import type { Kind } from './kind.ts'
import type { ArrayClass, Machine } from './machine.ts'
import type { Pass } from './pass.ts'

type Plain = Exclude<TypedArray, BigInt64Array | BigUint64Array | Uint8ClampedArray>

export interface Operands {
  /** What is read and what is written; `kind` is what the kernels see, whatever the arrays are. */
  readonly x: TypedArray
  readonly y: TypedArray
  readonly kind: Kind
  readonly indices?: Int32Array | null
  /** Indices that are read along with x. */
  readonly reads?: Int32Array | null
}

export function runTiles(
  machine: Machine,
  frame: Frame,
  operands: Operands,
  whole: boolean,
  compile: (tile: Frame) => Pass,
): void {
  let ready: { tile: Tile; run: (tile: Tile) => void } | null = null
  const budget = tileBytesOf(machine, frame, operands) / operands.kind.bytes
  for (const tile of machine.share(tilesOf(frame, budget, whole))) {
    if (ready === null || ready.tile.axes !== tile.axes || ready.tile.planes !== tile.planes) {
      machine.release()
      ready = { tile, run: prepare(machine, tile, operands, compile) }
    }
    ready.run(tile)
  }
}

/** Planes larger than a tile are cut in the same bands wherever arrays lie: the bits of sliding sums hang on them. */
function tileBytesOf(machine: Machine, frame: Frame, { y, kind }: Operands): number {
  const [inPlane, outPlane] = [inSizeOf(frame), outSizeOf(frame)]
  const isWhole = (inPlane + outPlane) * kind.bytes <= crossovers.tileBytes
  const isCopied = isWhole && outPlane >= inPlane && !liesInside(machine, y as Plain, kind.array)
  return isCopied ? crossovers.copiedTileBytes : crossovers.tileBytes
}

/** Takes all scratch of a tile, so that running it cannot fail. */
function prepare(
  machine: Machine,
  tile: Tile,
  operands: Operands,
  compile: (tile: Frame) => Pass,
): (tile: Tile) => void {
  const { kind, x, y, indices, reads } = operands
  const enter = entrance(machine, x as Plain, kind, tile.srcSize, isTouched(tile, kind))
  const enterReads = reads ? entrance(machine, reads, { array: Int32Array, bytes: 4 }, tile.srcSize) : null
  const leave = exit(machine, y as Plain, kind, tile.dstSize)
  const leaveIndices = indices ? exit(machine, indices, { array: Int32Array, bytes: 4 }, tile.dstSize) : null
  const pass = compile(tile)
  return ({ srcAt, dstAt }) => {
    const src = enter(srcAt)
    const places = enterReads ? enterReads(srcAt) : leaveIndices ? leaveIndices.address(dstAt) : 0
    pass(src, leave.address(dstAt), places)
    leave.copy(dstAt)
    leaveIndices?.copy(dstAt)
  }
}

type Cell = Pick<Kind, 'array' | 'bytes'>

/** Whether what is read is worth bringing into the cache beforehand. */
function isTouched({ axes, inner, srcSize, dstSize }: Tile, { bytes }: Kind): boolean {
  return srcSize >= 2 * dstSize && axes[2].inSize * inner * bytes >= crossovers.touchFrom
}

/** Gives the address of `size` elements from `at` on, having copied them if need be, or else brought them into the cache if asked to. */
function entrance(
  machine: Machine,
  from: Plain,
  { array, bytes }: Cell,
  size: number,
  isTouched = false,
): (at: number) => number {
  if (liesInside(machine, from, array)) {
    if (!isTouched) return (at) => from.byteOffset + at * bytes
    const touch = machine.kernel('touch')
    return (at) => {
      const address = from.byteOffset + at * bytes
      touch(address, size * bytes)
      return address
    }
  }
  const scratch = machine.take(size * bytes)
  return (at) => {
    machine
      .view(array, scratch, size)
      .set(at === 0 && size === from.length ? from : from.subarray(at, at + size))
    return scratch
  }
}

interface Exit {
  readonly address: (at: number) => number
  readonly copy: (at: number) => void
}

function exit(machine: Machine, to: Plain, { array, bytes }: Cell, size: number): Exit {
  if (liesInside(machine, to, array)) {
    return { address: (at) => to.byteOffset + at * bytes, copy: () => {} }
  }
  const scratch = machine.take(size * bytes)
  return {
    address: () => scratch,
    copy: (at) => to.set(machine.view(array, scratch, size), at),
  }
}

function liesInside(machine: Machine, data: Plain, array: ArrayClass): boolean {
  return data.buffer === machine.memory.buffer && data.constructor === array
}
