/**
 * @file Runs passes tile by tile: operands are copied through scratch, or used where they lie if that is inside the kernel's memory.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import { crossovers } from '../crossovers.ts'
import { type Frame, inSizeOf, outSizeOf, type Runs, type Tile, tilesOf } from './frame.ts'
import { i32, type Kind } from './kind.ts'
import type { ArrayClass, Machine } from './machine.ts'

type Plain = Exclude<TypedArray, BigInt64Array | BigUint64Array | Uint8ClampedArray>

type Cell = Pick<Kind, 'array' | 'bytes'>

export interface Operands {
  /** What is read and what is written; `kind` is what the kernels see, whatever the arrays are. */
  readonly x: TypedArray
  readonly y: TypedArray
  readonly kind: Kind
  /** The elements of x, if they are others. */
  readonly read?: Cell
  /** Indices that are written along with y. */
  readonly indices?: Int32Array | null
  /** What is read along with x, in elements of its own. */
  readonly along?: { readonly data: TypedArray; readonly cell: Cell }
  /** What is read in the places of y. */
  readonly beside?: TypedArray
}

/** A pass that may read more: `along` is where indices are written, or what is read along with src. */
export type TilePass = (src: number, dst: number, along: number, beside: number) => void

type Compile = (tile: Frame) => TilePass

export function runTiles(
  machine: Machine,
  frame: Frame,
  operands: Operands,
  whole: boolean,
  compile: Compile,
): void {
  let ready: { tile: Tile; run: (tile: Tile) => void } | null = null
  const tiles = tilesOf(frame, tileBytesOf(machine, frame, operands, compile) / operands.kind.bytes, whole)
  for (const tile of machine.share?.(tiles) ?? tiles) {
    if (ready === null || !isAlike(ready.tile, tile)) {
      machine.release()
      ready = { tile, run: prepare(machine, tile, operands, compile) }
    }
    ready.run(tile)
  }
}

/** Whether two tiles of a frame differ in where they lie alone. */
function isAlike(a: Tile, b: Tile): boolean {
  return a.axes === b.axes && a.planes === b.planes && a.inner === b.inner
}

/** Planes larger than a tile are cut in the same bands wherever arrays lie: the bits of sliding sums hang on them. */
function tileBytesOf(machine: Machine, frame: Frame, operands: Operands, compile: Compile): number {
  const { kind, x, y } = operands
  const { tileBytes, stagedTileBytes, placedTileBytes } = crossovers
  const [inPlane, outPlane] = [inSizeOf(frame), outSizeOf(frame)]
  const plane = (inPlane + outPlane) * kind.bytes
  if (plane > tileBytes) return tileBytes
  const [isIn, isOut] = [x, y].map((data) => liesInside(machine, data as Plain, kind.array))
  const isShared = machine.share !== null
  if (isShared || plane * frame.planes <= stagedTileBytes || usesCache(machine, frame, operands, compile))
    return tileBytes
  return isIn && isOut ? placedTileBytes : stagedTileBytes
}

/** Whether a tile goes through scratch of about its size, or is brought into the cache beforehand. */
function usesCache(machine: Machine, frame: Frame, operands: Operands, compile: Compile): boolean {
  const { kind, x } = operands
  const [tile] = tilesOf(frame, crossovers.tileBytes / kind.bytes, false) as unknown as [Tile]
  machine.release()
  compile(tile)
  const isLarge = machine.taken * 16 > crossovers.tileBytes
  return isLarge || (liesInside(machine, x as Plain, kind.array) && isTouched(tile, kind))
}

/** Takes all scratch of a tile, so that running it cannot fail. */
function prepare(machine: Machine, tile: Tile, operands: Operands, compile: Compile): (tile: Tile) => void {
  const { kind, read = kind, x, y, indices, along, beside } = operands
  const { srcRuns, dstRuns } = tile
  const enter = entrance(machine, x as Plain, read, tile.srcSize, srcRuns, isTouched(tile, kind))
  const enterAlong = along ? entrance(machine, along.data as Plain, along.cell, tile.srcSize, srcRuns) : null
  const enterBeside = beside ? entrance(machine, beside as Plain, kind, tile.dstSize, dstRuns) : null
  const leave = exit(machine, y as Plain, kind, tile.dstSize, dstRuns)
  const leaveIndices = indices ? exit(machine, indices, i32, tile.dstSize, dstRuns) : null
  const pass = compile(tile)
  return ({ srcAt, dstAt }) => {
    const src = enter(srcAt)
    const places = enterAlong?.(srcAt) ?? leaveIndices?.address(dstAt) ?? 0
    pass(src, leave.address(dstAt), places, enterBeside?.(dstAt) ?? 0)
    leave.copy(dstAt)
    leaveIndices?.copy(dstAt)
  }
}

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
  runs: Runs,
  isTouched = false,
): (at: number) => number {
  if (runs.loops.length === 0 && liesInside(machine, from, array)) {
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
    const inside = machine.view(array, scratch, size)
    if (at === 0 && size === from.length) inside.set(from)
    else
      eachRun(runs, at, (place, start, end) => inside.set(from.subarray(place, place + end - start), start))
    return scratch
  }
}

/** Where each run of a tile lies, and `[start, end)` of it in the tile. */
function eachRun(
  { length, loops }: Runs,
  at: number,
  visit: (place: number, start: number, end: number) => void,
): void {
  let start = 0
  const walk = (level: number, place: number): void => {
    if (level === loops.length) {
      visit(place, start, start + length)
      start += length
      return
    }
    const [count, pitch] = loops[level]!
    for (let i = 0; i < count; i++) walk(level + 1, place + i * pitch)
  }
  walk(0, at)
}

interface Exit {
  readonly address: (at: number) => number
  readonly copy: (at: number) => void
}

function exit(machine: Machine, to: Plain, { array, bytes }: Cell, size: number, runs: Runs): Exit {
  if (runs.loops.length === 0 && liesInside(machine, to, array)) {
    return { address: (at) => to.byteOffset + at * bytes, copy: () => {} }
  }
  const scratch = machine.take(size * bytes)
  return {
    address: () => scratch,
    copy: (at) => {
      const inside = machine.view(array, scratch, size)
      eachRun(runs, at, (place, start, end) => to.set(inside.subarray(start, end), place))
    },
  }
}

function liesInside(machine: Machine, data: Plain, array: ArrayClass): boolean {
  return data.buffer === machine.memory.buffer && data.constructor === array
}
