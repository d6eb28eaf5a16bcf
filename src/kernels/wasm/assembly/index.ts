/**
 * @file What a module exports: one line for each kernel and dtype, the same in the SIMD build and its scalar twin.
 */
import { averageTriples } from './average-triples'
import { bounded } from './bounds'
import { Max, Min, StrictMax, StrictMin, Sum } from './folds'
import { glide } from './glide'
import { glideRows, glideRowsWide } from './glide-rows'
import { wholePlanes } from './global'
import { spread, transpose } from './layout'
import { carry, locate } from './locate'
import { averagePairs, locatePairs, pairs, sendPairs, sharePairs } from './pairs'
import { raise, weigh } from './powers'
import { dividePrecise, glidePrecise, sumRunsPrecise } from './precise'
import { scatter } from './scatter'
import { select } from './select'
import { sum } from './sum'
import { triples } from './triples'
import { demote, divide, promote, sumRuns } from './wide'

export function selectMaxF32(grid: usize): bool { return select<f32>(grid, false, false) }
export function selectMinF32(grid: usize): bool { return select<f32>(grid, true, false) }
export function selectMaxF64(grid: usize): bool { return select<f64>(grid, false, false) }
export function selectMinF64(grid: usize): bool { return select<f64>(grid, true, false) }
export function strictMaxF32(grid: usize): bool { return select<f32>(grid, false, true) }
export function strictMinF32(grid: usize): bool { return select<f32>(grid, true, true) }
export function strictMaxF64(grid: usize): bool { return select<f64>(grid, false, true) }
export function strictMinF64(grid: usize): bool { return select<f64>(grid, true, true) }
export function selectI8(grid: usize): bool { return select<i8>(grid, false, false) }
export function selectI16(grid: usize): bool { return select<i16>(grid, false, false) }
export function selectI32(grid: usize): bool { return select<i32>(grid, false, false) }

export function locateMaxF32(grid: usize): void { locate<f32>(grid, false) }
export function locateMinF32(grid: usize): void { locate<f32>(grid, true) }
export function locateMaxF64(grid: usize): void { locate<f64>(grid, false) }
export function locateMinF64(grid: usize): void { locate<f64>(grid, true) }
export function locateI32(grid: usize): void { locate<i32>(grid, false) }

export function carryMaxF32(grid: usize): void { carry<f32>(grid, false) }
export function carryMinF32(grid: usize): void { carry<f32>(grid, true) }
export function carryMaxF64(grid: usize): void { carry<f64>(grid, false) }
export function carryMinF64(grid: usize): void { carry<f64>(grid, true) }
export function carryI32(grid: usize): void { carry<i32>(grid, false) }

export function glideMaxF32(block: usize): bool { return glide<f32, Max>(block) }
export function glideMinF32(block: usize): bool { return glide<f32, Min>(block) }
export function glideMaxF64(block: usize): bool { return glide<f64, Max>(block) }
export function glideMinF64(block: usize): bool { return glide<f64, Min>(block) }
export function glideStrictMaxF32(block: usize): bool { return glide<f32, StrictMax>(block) }
export function glideStrictMinF32(block: usize): bool { return glide<f32, StrictMin>(block) }
export function glideStrictMaxF64(block: usize): bool { return glide<f64, StrictMax>(block) }
export function glideStrictMinF64(block: usize): bool { return glide<f64, StrictMin>(block) }
export function glideI8(block: usize): bool { return glide<i8, Max>(block) }
export function glideI16(block: usize): bool { return glide<i16, Max>(block) }
export function glideI32(block: usize): bool { return glide<i32, Max>(block) }
export function glideSumF64(block: usize): bool { return glide<f64, Sum>(block) }
export function glideRowsMaxF32(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<f32, Max>(block) : false }
export function glideRowsMinF32(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<f32, Min>(block) : false }
export function glideRowsStrictMaxF32(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<f32, StrictMax>(block) : false }
export function glideRowsStrictMinF32(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<f32, StrictMin>(block) : false }
export function glideRowsI32(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<i32, Max>(block) : false }
export function glideRowsSumF64(block: usize): bool { return ASC_FEATURE_SIMD ? glideRows<f64, Sum>(block) : false }
export function glideRowsSumF32(block: usize): void { if (ASC_FEATURE_SIMD) glideRowsWide(block) }

export function sumF32(grid: usize): void { sum<f32>(grid) }
export function sumF64(grid: usize): void { sum<f64>(grid) }
export function sumRunsF32(block: usize): void { sumRuns<f32>(block) }
export function sumRunsF64(block: usize): void { sumRuns<f64>(block) }
export { demote, dividePrecise, glidePrecise, promote, sumRunsPrecise }
export function divideF32F64(src: usize, dst: usize, planes: i32, rows: i32, n: i32, rowDivisors: usize, colDivisors: usize): void {
  divide<f32, f64>(src, dst, planes, rows, n, rowDivisors, colDivisors)
}
export function divideF64F32(src: usize, dst: usize, planes: i32, rows: i32, n: i32, rowDivisors: usize, colDivisors: usize): void {
  divide<f64, f32>(src, dst, planes, rows, n, rowDivisors, colDivisors)
}
export function divideF64F64(src: usize, dst: usize, planes: i32, rows: i32, n: i32, rowDivisors: usize, colDivisors: usize): void {
  divide<f64, f64>(src, dst, planes, rows, n, rowDivisors, colDivisors)
}

export function raiseF64(src: usize, dst: usize, n: i32, power: i32): void { raise(src, dst, n, power) }
export function weighF64(factors: usize, bases: usize, powers: usize, dst: usize, n: i32, clears: bool): bool {
  return weigh(factors, bases, powers, dst, n, clears)
}

export function scatterF32(dy: usize, indices: usize, dx: usize, planes: i32, outputs: i32, inner: i32, pitch: usize): void {
  scatter<f32>(dy, indices, dx, planes, outputs, inner, pitch)
}
export function scatterF64(dy: usize, indices: usize, dx: usize, planes: i32, outputs: i32, inner: i32, pitch: usize): void {
  scatter<f64>(dy, indices, dx, planes, outputs, inner, pitch)
}

export function spread1(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u8>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread2(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u16>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread4(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u32>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread8(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u64>(src, dst, rows, size, inner, stride, before, phase)
}

export function transpose1(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u8>(src, dst, planes, rows, cols) }
export function transpose2(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u16>(src, dst, planes, rows, cols) }
export function transpose4(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u32>(src, dst, planes, rows, cols) }
export function transpose8(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u64>(src, dst, planes, rows, cols) }
export function pairsMaxF32(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return pairs<f32>(src, dst, planes, inRows, inCols, rows, cols, false, 0)
}
export function pairsMinF32(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return pairs<f32>(src, dst, planes, inRows, inCols, rows, cols, true, 0)
}
export function pairsMaxF64(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return pairs<f64>(src, dst, planes, inRows, inCols, rows, cols, false, 0)
}
export function pairsMinF64(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return pairs<f64>(src, dst, planes, inRows, inCols, rows, cols, true, 0)
}
export function pairsI8(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, flip: i32): bool {
  return pairs<i8>(src, dst, planes, inRows, inCols, rows, cols, false, <i8>flip)
}
export function pairsI16(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, flip: i32): bool {
  return pairs<i16>(src, dst, planes, inRows, inCols, rows, cols, false, <i16>flip)
}
export function pairsI32(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, flip: i32): bool {
  return pairs<i32>(src, dst, planes, inRows, inCols, rows, cols, false, <i32>flip)
}
export function locatePairsMaxF32(src: usize, dst: usize, indices: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return locatePairs<f32>(src, dst, indices, planes, inRows, inCols, rows, cols, false)
}
export function locatePairsMinF32(src: usize, dst: usize, indices: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32): bool {
  return locatePairs<f32>(src, dst, indices, planes, inRows, inCols, rows, cols, true)
}
export function averagePairsF32(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, divisor: f64, factor: f64): void {
  averagePairs<f32>(src, dst, planes, inRows, inCols, rows, cols, <f32>divisor, <f32>factor)
}
export function sharePairsF32(dy: usize, dx: usize, rows: i32, cols: i32, divisor: f64): void {
  sharePairs<f32>(dy, dx, rows, cols, <f32>divisor)
}
export function averagePairsF64(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, divisor: f64, factor: f64): void {
  averagePairs<f64>(src, dst, planes, inRows, inCols, rows, cols, <f64>divisor, <f64>factor)
}
export function sharePairsF64(dy: usize, dx: usize, rows: i32, cols: i32, divisor: f64): void {
  sharePairs<f64>(dy, dx, rows, cols, <f64>divisor)
}
export function sendPairsF32(dy: usize, indices: usize, dx: usize, planes: i32, rows: i32, cols: i32): bool {
  return sendPairs(dy, indices, dx, planes, rows, cols)
}

// No scalar twin: these walk vectors of columns.
export function triplesMaxF32(triple: usize): bool {
  return ASC_FEATURE_SIMD ? triples<f32, Max>(triple) : true
}
export function triplesMinF32(triple: usize): bool {
  return ASC_FEATURE_SIMD ? triples<f32, Min>(triple) : true
}
export function triplesI8(triple: usize): bool {
  return ASC_FEATURE_SIMD ? triples<i8, Max>(triple) : true
}
export function averageTriplesF32(triple: usize): void {
  if (ASC_FEATURE_SIMD) averageTriples<f32>(triple)
}
/** Where memory is free. */
export function heapBase(): usize { return __heap_base }
export function isSimd(): bool { return ASC_FEATURE_SIMD }
/** Brings bytes into the cache, a line at a time. */
export function touch(at: usize, bytes: usize): i32 {
  let sum = 0
  for (const end = at + bytes; at < end; at += 64) sum += load<u8>(at)
  return sum
}
export function boundedI32(at: usize, n: i32, last: i32): bool { return bounded(at, n, last) }
export function wholeSumF32(src: usize, dst: usize, planes: i32, size: i32, first: f32, second: f32, third: f32, last: f32): bool {
  return ASC_FEATURE_SIMD ? wholePlanes<Sum>(src, dst, planes, size, first, second, third, last) : true
}
export function wholeMaxF32(src: usize, dst: usize, planes: i32, size: i32, first: f32, second: f32, third: f32, last: f32): bool {
  return ASC_FEATURE_SIMD ? wholePlanes<Max>(src, dst, planes, size, first, second, third, last) : true
}
export function wholeMinF32(src: usize, dst: usize, planes: i32, size: i32, first: f32, second: f32, third: f32, last: f32): bool {
  return ASC_FEATURE_SIMD ? wholePlanes<Min>(src, dst, planes, size, first, second, third, last) : true
}
