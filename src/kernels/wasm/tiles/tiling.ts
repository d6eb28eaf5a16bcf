/**
 * @file Runs passes tile by tile. Operands are used in place if they lie in the instance's memory, and are staged
 * through scratch otherwise.
 */
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { HalfType } from '../../../tensor/half.ts'
import { tuning } from '../../tuning.ts'
import { spreadPass } from '../counted/spread-bytes.ts'
import { type ElementType, i32 } from '../element-type.ts'
import { areRuns } from '../folds/direct.ts'
import type { ArrayClass, Share, WasmInstance } from '../wasm-instance.ts'
import { areAlike } from './alike-tiles.ts'
import { type Cell, type Conversion, conversionOf, slack } from './conversion.ts'
import {
  aroundOf,
  inSizeOf,
  type LoweredPlan,
  outSizeOf,
  type Runs,
  type Tile,
  tilesOf,
} from './lowered-plan.ts'

type Plain = Exclude<TypedArray, Uint8ClampedArray>

export interface Operands {
  /** Input and output. `kind` is the element type of the kernels, whatever the arrays are. */
  readonly x: TypedArray
  readonly y: TypedArray
  readonly kind: ElementType
  /** The element type of x, if it differs. */
  readonly read?: Cell
  /** Indices, written along with y. */
  readonly indices?: Int32Array | null
  /** A second input with the layout of x, of its own element type. */
  readonly along?: { readonly data: TypedArray; readonly cell: Cell }
  /** On a transposed plan: an input with the layout of y, of which passes read what the windows of a tile read. Takes the place of `along`. */
  readonly around?: { readonly data: TypedArray; readonly cell: Cell }
  /** A second input with the layout of y: an array of its own element type, or bytes. */
  readonly beside?: { readonly data: TypedArray; readonly cell: Cell } | Bytes
  /** True if passes copy the elements that count: tiles are then smaller. */
  readonly leavesOut?: true
  /** Marks of the elements of x that count, if passes read them. */
  readonly map?: Bytes
  /** The type of the arrays of 16-bit patterns, if they hold half precision. */
  readonly half?: HalfType | undefined
}

/** Bytes of which neighbouring elements of an array share one. */
export interface Bytes {
  /** Elements that share a byte. */
  readonly group: number
  /** Elements that share a byte of a tile: the group, or 1. */
  readonly unitIn: (tile: LoweredPlan) => number
  /** Copies the bytes from element `at` on. */
  readonly copy: (at: number, into: Uint8Array, unit: number) => void
}

/** A pass with up to five operands. `along` is the address of the indices, or of the second input. */
export type TilePass = (src: number, dst: number, along: number, beside: number, map: number) => void

type Compile = (tile: LoweredPlan) => TilePass

/** The operands of the job that runs. Those of the next may replace them, if they are of the same kind and lie in the same place. */
export interface Held {
  operands: Operands
}

export function runTiles(
  instance: WasmInstance,
  lowered: LoweredPlan,
  operands: Operands,
  whole: boolean,
  compile: Compile,
  share?: Share,
): void {
  const held: Held = { operands }
  const positions = hasPositions(operands)
  let ready: { tile: Tile; run: (tile: Tile) => void } | null = null
  const tiles = tilesOf(
    lowered,
    tileBytesOf(instance, lowered, operands, compile, share !== undefined) / operands.kind.bytes,
    whole,
  )
  for (const tile of share?.(tiles) ?? tiles) {
    if (ready === null || !areAlike(ready.tile, tile, positions)) {
      instance.release()
      ready = { tile, run: stageTile(instance, lowered, tile, held, compile(tile)) }
    }
    ready.run(tile)
  }
}

/**
 * Prepares all tiles of a job, and returns a function that runs them on the held operands, any number of times. Their tables and scratch
 * lie in the scratch that is not kept.
 */
export function prepareTiles(
  instance: WasmInstance,
  lowered: LoweredPlan,
  held: Held,
  whole: boolean,
  compile: Compile,
): () => void {
  const { operands } = held
  const bytes = tileBytesOf(instance, lowered, operands, compile, false)
  instance.release()
  const tiles = [...tilesOf(lowered, bytes / operands.kind.bytes, whole)]
  const positions = hasPositions(operands)
  const shapeOf = (tile: Tile): number => shapes.findIndex((shape) => areAlike(shape, tile, positions))
  const shapes: Tile[] = []
  for (const tile of tiles) if (shapeOf(tile) < 0) shapes.push(tile)
  const passes = shapes.map(compile)
  // Tiles run one after another, so they share their staging, unless that of bytes has tables to spread them.
  const isShared = operands.map === undefined && operands.beside === undefined
  const tables = instance.taken
  let end = tables
  const runs = shapes.map((tile, i) => {
    if (isShared) instance.release(tables)
    const run = stageTile(instance, lowered, tile, held, passes[i]!)
    end = Math.max(end, instance.taken)
    return run
  })
  instance.release(end)
  const steps = tiles.map((tile) => ({ tile, run: runs[shapeOf(tile)]! }))
  return () => {
    for (const { tile, run } of steps) run(tile)
  }
}

function hasPositions({ indices }: Operands): boolean {
  return indices !== undefined && indices !== null
}

/**
 * Bytes of a tile. Larger planes are cut to `tileBytes`. Small ones are grouped into larger tiles if neither threads
 * nor the cache profit from small tiles.
 */
function tileBytesOf(
  instance: WasmInstance,
  lowered: LoweredPlan,
  operands: Operands,
  compile: Compile,
  isShared: boolean,
): number {
  const { kind, x, y } = operands
  const { stagedTileBytes, placedTileBytes } = tuning
  const tileBytes = operands.leavesOut ? tuning.tileBytes / 2 : tuning.tileBytes
  const [inPlane, outPlane] = [inSizeOf(lowered), outSizeOf(lowered)]
  const plane = (inPlane + outPlane) * kind.bytes
  if (plane > tileBytes) return tileBytes
  const [isIn, isOut] = [x, y].map((data) => liesInside(instance, data, kind.array))
  if (
    isShared ||
    plane * lowered.planes <= stagedTileBytes ||
    usesCache(instance, lowered, operands, compile)
  )
    return tileBytes
  return isIn && isOut ? placedTileBytes : stagedTileBytes
}

/** True if a tile needs scratch of about its own size, or is prefetched. */
function usesCache(
  instance: WasmInstance,
  lowered: LoweredPlan,
  operands: Operands,
  compile: Compile,
): boolean {
  const { kind, x, leavesOut } = operands
  if (leavesOut) return true
  const [tile] = tilesOf(lowered, tuning.tileBytes / kind.bytes, false) as unknown as [Tile]
  instance.release()
  compile(tile)
  const isLarge = instance.taken * 16 > tuning.tileBytes
  return isLarge || (liesInside(instance, x, kind.array) && isPrefetched(tile, kind))
}

/** Allocates the scratch of the operands of a tile. */
function stageTile(
  instance: WasmInstance,
  lowered: LoweredPlan,
  tile: Tile,
  held: Held,
  pass: TilePass,
): (tile: Tile) => void {
  const { kind, read = kind, indices, along, around, beside, map, half } = held.operands
  const { srcRuns, dstRuns } = tile
  const src: Side = { size: tile.srcSize, runs: srcRuns, half }
  const dst: Side = { size: tile.dstSize, runs: dstRuns, half }
  const input = stageIn(instance, () => held.operands.x, read, src, isPrefetched(tile, kind))
  const inputAlong = along ? stageIn(instance, () => held.operands.along!.data, along.cell, src) : null
  const place = around ? aroundOf(lowered, tile) : null
  const inputAround =
    around && place
      ? stageIn(instance, () => held.operands.around!.data, around.cell, { ...place, half })
      : null
  const isBesideInside = place !== null && place.outputsAt !== null
  const inputBeside = beside && !isBesideInside ? stageBeside(instance, beside, held, tile, dst) : null
  const inputMap = map ? stageBytes(instance, () => held.operands.map!, tile, src) : null
  const output = stageOut(instance, () => held.operands.y, kind, dst)
  const outputIndices = indices ? stageOut(instance, () => held.operands.indices!, i32, dst) : null
  return ({ srcAt, dstAt }) => {
    const src = input(srcAt)
    const extra =
      inputAlong?.(srcAt) ?? inputAround?.(dstAt + place!.shift) ?? outputIndices?.address(dstAt) ?? 0
    const besideAt = isBesideInside
      ? extra + place.outputsAt! * around!.cell.bytes
      : (inputBeside?.(dstAt) ?? 0)
    pass(src, output.address(dstAt), extra, besideAt, inputMap?.(srcAt) ?? 0)
    output.copy(dstAt)
    outputIndices?.copy(dstAt)
  }
}

function stageBeside(
  instance: WasmInstance,
  beside: NonNullable<Operands['beside']>,
  held: Held,
  tile: Tile,
  side: Side,
): (at: number) => number {
  return 'copy' in beside
    ? stageBytes(instance, () => held.operands.beside as Bytes, tile, side)
    : stageIn(instance, () => (held.operands.beside as typeof beside).data, beside.cell, side)
}

/** As `stageIn`, for bytes, which are never in place. */
function stageBytes(
  instance: WasmInstance,
  from: () => Bytes,
  tile: Tile,
  { size, runs }: Side,
): (at: number) => number {
  const { group, unitIn } = from()
  const unit = unitIn(tile)
  const shared = tile.inner % group === 0 ? group : 1
  const scratch = instance.alloc(size / shared)
  const stage = (at: number): number => {
    const inside = instance.view(Uint8Array, scratch, size / shared)
    const { copy } = from()
    eachRun(runs, at, (offset, start, end) =>
      copy(offset, inside.subarray(start / shared, end / shared), shared),
    )
    return scratch
  }
  if (unit === shared) return stage
  const spread = spreadPass(instance, size / shared, shared)
  return (at) => spread(stage(at))
}

/** True if prefetching the input pays. Of wide pixels the hardware prefetcher finds the next one. */
function isPrefetched({ axes, inner, srcSize, dstSize }: Tile, kind: ElementType): boolean {
  const isLong = axes[2].inSize * inner * kind.bytes >= tuning.prefetchMinRowBytes
  return srcSize >= 2 * dstSize && isLong && !areRuns({ kind }, inner)
}

/** The elements of a tile in one of its arrays. */
export interface Side {
  readonly size: number
  readonly runs: Runs
  readonly half: HalfType | undefined
}

/**
 * Returns a function that gives the address of the elements of a tile from `at` on. It copies them to scratch if they
 * lie elsewhere, converts them, and prefetches them if asked to.
 *
 * @param from  gives the array, of one class and in one place
 */
export function stageIn(
  instance: WasmInstance,
  from: () => TypedArray,
  cell: Cell,
  { size, runs, half }: Side,
  prefetches = false,
): (at: number) => number {
  const { array, bytes } = cell
  if (runs.loops.length === 0 && liesInside(instance, from(), array)) {
    if (!prefetches) return (at) => from().byteOffset + at * bytes
    const prefetch = instance.kernel('prefetch')
    return (at) => {
      const address = from().byteOffset + at * bytes
      prefetch(address, size * bytes)
      return address
    }
  }
  const conversion = conversionOf(instance, from(), cell, size, half)
  if (conversion !== null) {
    const { staged, load } = conversion
    const raw = stageIn(instance, from, staged, { size, runs, half: undefined })
    const converted = instance.alloc(size * bytes + slack)
    return (at) => {
      load(raw(at), converted, size)
      return converted
    }
  }
  const scratch = instance.alloc(size * bytes)
  return (at) => {
    const inside = instance.view(array, scratch, size)
    const data = from() as Plain
    if (at === 0 && size === data.length) inside.set(data as never)
    else
      eachRun(runs, at, (offset, start, end) =>
        inside.set(data.subarray(offset, offset + end - start) as never, start),
      )
    return scratch
  }
}

/** Visits the runs of a tile: the offset of each in the array, and its range `[start, end)` in the tile. */
function eachRun(
  { length, loops }: Runs,
  at: number,
  visit: (offset: number, start: number, end: number) => void,
): void {
  let start = 0
  const walk = (level: number, offset: number): void => {
    if (level === loops.length) {
      visit(offset, start, start + length)
      start += length
      return
    }
    const [count, pitch] = loops[level]!
    for (let i = 0; i < count; i++) walk(level + 1, offset + i * pitch)
  }
  walk(0, at)
}

function copyRuns(runs: Runs, at: number, inside: Plain, to: Plain): void {
  eachRun(runs, at, (offset, start, end) => to.set(inside.subarray(start, end) as never, offset))
}

interface StagedOutput {
  readonly address: (at: number) => number
  readonly copy: (at: number) => void
}

export function stageOut(
  instance: WasmInstance,
  to: () => TypedArray,
  cell: Cell,
  { size, runs, half }: Side,
): StagedOutput {
  const { array, bytes } = cell
  if (runs.loops.length === 0 && liesInside(instance, to(), array)) {
    return { address: (at) => to().byteOffset + at * bytes, copy: () => {} }
  }
  const conversion = conversionOf(instance, to(), cell, size, half)
  if (conversion !== null) return stageConverted(instance, to, conversion, size * bytes, { size, runs, half })
  const scratch = instance.alloc(size * bytes)
  return {
    address: () => scratch,
    copy: (at) => {
      const inside = instance.view(array, scratch, size)
      copyRuns(runs, at, inside, to() as Plain)
    },
  }
}

/** Narrowing may write past the end, so results are narrowed in scratch. */
function stageConverted(
  instance: WasmInstance,
  to: () => TypedArray,
  { staged, store }: Conversion,
  bytes: number,
  { size, runs }: Side,
): StagedOutput {
  const wide = instance.alloc(bytes)
  const narrow = instance.alloc(size * staged.bytes + slack)
  return {
    address: () => wide,
    copy: (at) => {
      store(wide, narrow, size)
      const inside = instance.view(staged.array, narrow, size)
      copyRuns(runs, at, inside, to() as Plain)
    },
  }
}

/** True if elements of an array are read or written in place. */
export function liesInside(instance: WasmInstance, data: TypedArray, array: ArrayClass): boolean {
  return data.buffer === instance.memory.buffer && data.constructor === array
}
